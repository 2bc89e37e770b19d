"""What a user of kronicle-sdk 0.7 does where the two know the same things, done with it unchanged. docs/python-sdk.md says where they do not."""

import contextlib
import io
import secrets
import unittest
from uuid import uuid4

from kronicle_sdk import KronicleChannel, KronicleHTTPError, KronicleReader, KronicleSetup, KronicleWriter
from kronicle_sdk.connectors.auth.kronicle_auth import KronicleUsrLogin
from kronicle_sdk.models.data.row_filter import RowFilter
from serving import PASSWORD, USERS, Serving

LANE_CLASSES = {"reader": KronicleReader, "writer": KronicleWriter, "admin": KronicleSetup}
FIRST, SECOND = "2025-01-10T00:00:00Z", "2025-01-10T00:01:00.000001Z"

serving = Serving()
setUpModule = serving.start
tearDownModule = serving.stop


def connect(lane, password=PASSWORD):
    return LANE_CLASSES[lane](serving.url, USERS[lane], password)


def create(name, **more):
    """A channel with two rows, made by an admin and filled by a writer."""
    fields = {"id": str(uuid4()), "name": name, "channel_schema": {"temperature": "float", "note": "optional[str]"}, "tags": {"floor": 3}}
    channel = connect("admin").upsert_channel(fields | more)
    rows = [{"time": FIRST, "temperature": 12.3}, {"time": SECOND, "temperature": 12.8, "note": "été"}]
    connect("writer").insert_rows(channel.id, rows)
    return channel


class Health(unittest.TestCase):
    def test_is_seen(self):
        self.assertTrue(connect("reader").is_alive())
        self.assertTrue(connect("reader").is_ready())


class Users(unittest.TestCase):
    def test_change_their_password(self):
        other = secrets.token_hex(12)
        login = KronicleUsrLogin(serving.url, USERS["reader"], PASSWORD)
        self.assertTrue(login.change_password(other))
        login.pwd = other
        self.assertTrue(login.change_password(PASSWORD))


class Writer(unittest.TestCase):
    def test_inserts_rows(self):
        channel = create("inserted")
        result = connect("writer").insert_rows(str(channel.id), [{"time": FIRST, "temperature": 1}])
        self.assertEqual((result.id, result.name, result.op_status, result.available_rows), (channel.id, "inserted", "success", 3))


class Reading(unittest.TestCase):
    def test_is_the_same_on_every_lane(self):
        channel = create("read by all")
        for lane in LANE_CLASSES:
            with self.subTest(lane=lane):
                connector = connect(lane)
                self.assertIn(channel.id, connector.all_ids)
                self.assertIn("read by all", [found.name for found in connector.list_channels()])
                self.assertIsNotNone(connector.get_channel_with_max_rows())
                found = connector.get_channel_by_id(channel.id)
                self.assertEqual((found.name, found.tags, found.available_rows), ("read by all", {"floor": 3}, 2))
                newest = {"time": SECOND, "temperature": 12.8, "note": "été"}
                self.assertEqual(connector.get_rows_for_channel(channel.id)[0], newest)
                self.assertEqual(connector.get_cols_for_channel(channel.id)["temperature"], [12.8, 12.3])

    def test_finds_channels_by_labels(self):
        channel = create("labelled", tags={"shelf": "north"})
        for params in ({"name": "labelled"}, {"tags": "shelf:north"}):
            self.assertEqual([found.id for found in connect("reader").list_channels(params=params)], [channel.id])

    def test_takes_filters(self):
        channel = create("filtered")
        chosen = RowFilter(limit=1, sort="time", min={"temperature": "12.5"}, columns="time,temperature", skip_received=True)
        self.assertEqual(connect("reader").get_rows_for_channel(channel.id, filter=chosen), [{"time": SECOND, "temperature": 12.8}])


class Setup(unittest.TestCase):
    def test_knows_the_column_types(self):
        self.assertLessEqual({"str", "int", "float", "bool", "datetime", "dict", "list"}, set(connect("admin").column_types))

    def test_creates_changes_clones_and_deletes(self):
        setup = connect("admin")
        channel = create("defined")
        changed = setup.update_channel(KronicleChannel(id=channel.id, name="renamed", tags={"c": 3}))
        self.assertEqual((changed.name, changed.tags), ("renamed", {"floor": 3, "c": 3}))
        clone = setup.clone_channel(channel.id)
        self.assertEqual((clone.name, clone.tags), ("renamed_copy", changed.tags))
        self.assertNotEqual(clone.id, channel.id)
        self.assertEqual(setup.delete_channel(channel.id).name, "renamed")
        self.assertNotIn(channel.id, connect("admin").all_ids)


class Refusals(unittest.TestCase):
    def test_come_as_errors_of_the_sdk_with_their_status(self):
        channel = create("refused")
        with contextlib.redirect_stdout(io.StringIO()), self.assertRaises(KronicleHTTPError) as refusal:
            connect("writer").insert_rows(channel.id, [{"time": FIRST, "temperature": "warm"}])
        self.assertEqual(refusal.exception.status, 400)


if __name__ == "__main__":
    unittest.main()
