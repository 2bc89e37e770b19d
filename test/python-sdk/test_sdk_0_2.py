"""What a user of kronicle-sdk 0.2 does, done with it unchanged: nothing here knows HTTP."""

import contextlib
import io
import secrets
import unittest
from datetime import datetime, timezone
from uuid import UUID, uuid4

from kronicle_sdk import (
    IsoDateTime,
    KronicableSample,
    KronicableSampleCollection,
    KronicleHTTPError,
    KroniclePayload,
    KronicleReader,
    KronicleSetup,
    KronicleWriter,
)
from kronicle_sdk.connectors.auth.kronicle_auth import KronicleUsrLogin
from kronicle_sdk.connectors.rbac.rbac_connector import KronicleRbacConnector
from serving import PASSWORD, USERS, Serving

LANE_CLASSES = {"reader": KronicleReader, "writer": KronicleWriter, "admin": KronicleSetup}
FIRST, SECOND = "2025-01-10T00:00:00Z", "2025-01-10T00:01:00.000001Z"

serving = Serving()
setUpModule = serving.start
tearDownModule = serving.stop


def connect(lane, user=None, password=PASSWORD):
    return LANE_CLASSES[lane](serving.url, user or USERS[lane], password)


def create(name, **more):
    """A channel with two rows, made as the quick start of the SDK does it."""
    body = {
        "channel_id": str(uuid4()),
        "channel_name": name,
        "channel_schema": {"time": IsoDateTime, "temperature": float, "note": "optional[str]"},
        "metadata": {"unit": "°C"},
        "tags": {"test": True, "floor": 3, "list": [1, "a"]},
        "rows": [{"time": FIRST, "temperature": 12.3}, {"time": SECOND, "temperature": 12.8, "note": "été"}],
    }
    return connect("writer").insert_rows_and_upsert_channel(body | more)


class Health(unittest.TestCase):
    def test_is_seen(self):
        self.assertTrue(connect("reader").is_alive())
        self.assertTrue(connect("reader").is_ready())


class Users(unittest.TestCase):
    def test_are_listed(self):
        users = KronicleRbacConnector(serving.url, USERS["admin"], PASSWORD).get_all_users()
        self.assertLessEqual(set(USERS.values()), {user.email for user in users})

    def test_change_their_password(self):
        email, password, other = "changes@example.org", secrets.token_hex(12), secrets.token_hex(12)
        admin = KronicleRbacConnector(serving.url, USERS["admin"], PASSWORD)
        admin.post("/users", {"email": email, "role": "reader", "password": password})
        login = KronicleUsrLogin(serving.url, email, password)
        self.assertTrue(login.change_password(other))
        with contextlib.redirect_stdout(io.StringIO()), self.assertRaises(KronicleHTTPError):
            KronicleUsrLogin(serving.url, email, password).jwt
        self.assertTrue(KronicleUsrLogin(serving.url, email, other).jwt)


class Writer(unittest.TestCase):
    def test_creates_a_channel_with_rows(self):
        result = create("created")
        self.assertIsInstance(result.channel_id, UUID)
        self.assertEqual((result.channel_name, result.op_status, result.available_rows), ("created", "success", 2))
        self.assertEqual(result.channel_schema, {"time": "datetime", "temperature": "float", "note": "optional[str]"})

    def test_appends_in_each_of_its_ways_and_leaves_the_labels_alone(self):
        channel = create("appended")
        writer = connect("writer")
        row = {"time": datetime.now(timezone.utc), "temperature": 1}
        writer.insert_rows_and_upsert_channel({"channel_id": channel.channel_id, "rows": [row]})
        writer.add_row(KroniclePayload(channel_name="appended", rows=[row | {"note": None}]))
        result = writer.insert_rows(str(channel.channel_id), [row, row])
        self.assertEqual(result.available_rows, 6)
        self.assertEqual((result.metadata, result.tags["floor"], result.channel_name), ({"unit": "°C"}, 3, "appended"))

    def test_sends_samples(self):
        class Transfer(KronicableSample):
            time: IsoDateTime
            rate: float
            size: int
            error: str | None = None
            parts: list[str]
            source: dict[str, str]

        base = KroniclePayload(channel_id=uuid4(), channel_name="transfers", metadata={"unit": "bytes"})
        collection = KronicableSampleCollection(base)
        collection.add_sample_list(
            [
                Transfer(time=IsoDateTime.now_local(), rate=1.5, size=2, parts=["a", "b"], source={"site": "roof"}),
                Transfer(time=IsoDateTime.now_local(), rate=2.5, size=3, parts=[], source={}, error="timeout"),
            ]
        )
        writer = connect("writer")
        result = writer.insert_rows_and_upsert_channel(collection.to_kronicle_payload())
        self.assertEqual(result.channel_schema["error"], "optional[str]")
        writer.insert_rows(base.channel_id, [sample.to_row() for sample in collection.samples])
        columns = writer.get_cols_for_channel(base.channel_id)
        self.assertCountEqual(columns["error"], [None, "timeout", None, "timeout"])
        self.assertIn(["a", "b"], columns["parts"])
        self.assertIn({"site": "roof"}, columns["source"])


class Reading(unittest.TestCase):
    def test_is_the_same_on_every_lane(self):
        channel = create("read")
        for lane in LANE_CLASSES:
            with self.subTest(lane=lane):
                connector = connect(lane)
                self.assertIn(channel.channel_id, connector.all_ids)
                self.assertEqual(connector.get_channel_by_channel_name("read").channel_id, channel.channel_id)
                self.assertIsNotNone(connector.get_channel_with_max_rows()[0])
                found = connector.get_channel(channel.channel_id)
                self.assertEqual((found.channel_name, found.metadata, found.available_rows), ("read", {"unit": "°C"}, 2))
                rows = connector.get_rows_for_channel(channel.channel_id)
                newest = {"time": SECOND, "temperature": 12.8, "note": "été"}
                self.assertEqual(rows, [newest, {"time": FIRST, "temperature": 12.3, "note": None}])
                self.assertIn("12.8", connector.get_rows_for_channel(channel.channel_id, "str"))
                columns = connector.get_cols_for_channel(channel.channel_id)
                # Times of one answer have one width.
                times = [SECOND, FIRST.replace("Z", ".000000Z")]
                self.assertEqual(columns, {"time": times, "temperature": [12.8, 12.3], "note": ["été", None]})


class Setup(unittest.TestCase):
    def test_knows_the_column_types(self):
        self.assertLessEqual({"str", "int", "float", "bool", "datetime", "dict", "list"}, set(connect("admin").column_types))

    def test_creates_replaces_changes_clones_and_deletes(self):
        setup = connect("admin")
        channel_id = str(uuid4())
        created = setup.create_channel(
            {"channel_id": channel_id, "channel_name": "defined", "channel_schema": {"time": datetime, "size": int}, "tags": {"a": 1}}
        )
        self.assertEqual((created.channel_name, created.available_rows), ("defined", 0))
        replaced = setup.upsert_channel({"channel_id": channel_id, "tags": {"b": 2}})
        self.assertEqual((replaced.channel_name, replaced.tags), ("defined", {"b": 2}))
        changed = setup.update_channel({"channel_id": channel_id, "channel_name": "renamed", "tags": {"c": 3}})
        self.assertEqual((changed.channel_name, changed.tags), ("renamed", {"b": 2, "c": 3}))
        clone = setup.clone_channel(channel_id)
        self.assertEqual((clone.channel_name, clone.tags), ("renamed_copy", changed.tags))
        self.assertNotEqual(clone.channel_id, created.channel_id)
        self.assertEqual(setup.clone_channel(channel_id, body={"channel_name": "dolly"}).channel_name, "dolly")
        self.assertEqual(setup.delete_channel(channel_id).channel_name, "renamed")
        self.assertNotIn(created.channel_id, connect("admin").all_ids)

    def test_upserts_what_is_missing_and_appends(self):
        setup = connect("admin")
        channel_id = str(uuid4())
        setup.upsert_channel({"channel_id": channel_id, "channel_name": "upserted", "channel_schema": {"size": "int"}})
        self.assertEqual(setup.insert_rows(channel_id, [{"time": FIRST, "size": 1}]).available_rows, 1)

    def test_deletes_everything(self):
        create("to be deleted")
        with contextlib.redirect_stdout(io.StringIO()):
            connect("admin").delete_all_channels()
        self.assertEqual(connect("admin").all_channels, [])


class Refusals(unittest.TestCase):
    def refused(self, status, call):
        with contextlib.redirect_stdout(io.StringIO()), self.assertRaises(KronicleHTTPError) as refusal:
            call()
        self.assertEqual(refusal.exception.model.status, status)

    def test_come_as_errors_of_the_sdk_with_their_status(self):
        channel_id = str(create("refused").channel_id)
        writer, setup = connect("writer"), connect("admin")
        self.refused(400, lambda: writer.insert_rows(channel_id, [{"time": FIRST, "temperature": "warm"}]))
        self.refused(401, lambda: connect("reader", password="wrong").all_channels)
        self.refused(403, lambda: connect("admin", USERS["reader"]).all_channels)
        self.refused(404, lambda: setup.get_channel(uuid4()))
        self.refused(404, lambda: setup.get(route="route/that/does/not/exist", strict=False))
        self.refused(409, lambda: setup.create_channel({"channel_id": channel_id, "channel_schema": {"a": "int"}}))
        self.assertEqual(len(writer.get_rows_for_channel(channel_id)), 2)


if __name__ == "__main__":
    unittest.main()
