"""In charge of a client that openapi-python-client has made: it creates a channel, appends rows, and reads them by filters."""

import importlib
import os
import pkgutil

import kronicle_client
from kronicle_client import AuthenticatedClient
from kronicle_client.api.api import read_rows
from kronicle_client.api.data import append_rows
from kronicle_client.api.setup import create_channel
from kronicle_client.models import ChannelDefinition, NewRow, Problem, RowsAppend

for module in pkgutil.walk_packages(kronicle_client.__path__, "kronicle_client."):
    importlib.import_module(module.name)

client = AuthenticatedClient(base_url=os.environ["KRONICLE_URL"], token=os.environ["KRONICLE_ADMIN_KEY"])

schema = {"temperature": "float", "note": "optional[str]", "labels": "optional[list]"}
definition = ChannelDefinition.from_dict({"name": "made-by-python", "channel_schema": schema})
channel = create_channel.sync(client=client, body=definition)
assert channel.first_time is None, channel

rows = [
    {"time": "2024-03-01T00:00:00Z", "temperature": 19.5},
    {"time": "2024-03-01T00:01:00Z", "temperature": 20.5, "note": "window, open", "labels": ["attic"]},
    {"time": "2024-03-01T00:02:00Z", "temperature": 21.5, "note": "late"},
]
appended = append_rows.sync(channel.channel_id, client=client, body=RowsAppend(rows=[NewRow.from_dict(row) for row in rows]))
assert appended.op_details.inserted_rows == 3, appended

for where, temperatures in [
    (["temperature>=20.5"], [20.5, 21.5]),
    (["temperature>=20", "temperature<=21"], [20.5]),
    (['note:any="window, open",late'], [20.5, 21.5]),
    (["note=window, open"], [20.5]),
    (["note:null=true"], [19.5]),
    (["labels:has=attic"], [20.5]),
]:
    page = read_rows.sync(channel.channel_id, client=client, where=where, sort="time")
    found = [row["temperature"] for row in page.rows]
    assert found == temperatures, f"{where} found {found}, not {temperatures}"

refused = read_rows.sync(channel.channel_id, client=client, where=["temprature>=20"])
assert isinstance(refused, Problem) and refused.status == 400, refused
