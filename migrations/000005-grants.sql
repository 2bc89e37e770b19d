-- Who may do what, in the database itself: the last of the three walls between the lanes.
revoke all on all functions in schema kronicle from public;

grant usage on schema kronicle to {{reader}}, {{writer}}, {{admin}}, {{auth}};
grant usage on schema series to {{reader}}, {{writer}}, {{admin}};

grant select on kronicle.channel, kronicle.channel_stats, kronicle.series_table to {{reader}}, {{writer}}, {{admin}};
grant execute on function kronicle.rfc3339 to {{reader}}, {{writer}}, {{admin}}, {{auth}};

grant execute on function
  kronicle.ensure_series_table,
  kronicle.insert_channel
to {{writer}}, {{admin}};
grant execute on function
  kronicle.update_channel_labels,
  kronicle.add_to_stats
to {{writer}};
grant execute on function kronicle.widen_series_table to {{admin}};
grant update (
  name, series_table, columns, channel_schema, column_info, metadata, tags, updated_at, version, schema_version
) on kronicle.channel to {{admin}};

-- Neither the lane nor the limits of a key ever change.
grant select, insert, update (expires_at, revoked_at, last_used_at) on kronicle.api_key to {{auth}};
grant
  select, insert, delete,
  update (name, orcid, full_name, role, password_hash, token_version, disabled_at, updated_at)
on kronicle.user_account to {{auth}};
grant select, insert, update, delete on kronicle.sign_in_attempt to {{auth}};
grant select, insert, delete on kronicle.signing_key to {{auth}};

grant execute on function kronicle.record_audit, kronicle.count_audit to {{auth}};
grant select on kronicle.audit_entry to {{admin}};
