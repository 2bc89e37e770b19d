import { type ChannelAdmin, type ChannelWriter, defineChannel, isApiError, NotFoundError } from "@kronicle/client";
import { describe, expect, expectTypeOf, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";
import { connect, recordFetch } from "../connect.ts";

const server = useTestServer();
const thermometer = defineChannel({ temperature: "float" });
const lanes = { reader: "reader", writer: "writer", setup: "admin" } as const;

function at<Lane extends keyof typeof lanes>(lane: Lane, send?: typeof fetch) {
  return connect(lanes[lane], server, send)[lane];
}

async function createNamed(name: string): Promise<string> {
  const id = await createChannel(server, { name, channel_schema: { temperature: "float" } });
  await appendRows(server, id, [{ temperature: 20.5 }]);
  return id;
}

describe("a channel that is opened by its name", () => {
  test.for(["reader", "writer", "setup"] as const)(
    "is the one that has it, on the lane %s, and is asked for once",
    async (lane) => {
      const name = `Büro 1&limit=2 ${lane}`;
      await createNamed(`${name} not`);
      const id = await createNamed(name);
      const { send, urls } = recordFetch();
      const channel = await at(lane, send).channelByName(name, thermometer);
      expect(await channel.get()).toMatchObject({ channel_id: id });
      expect(await channel.latest()).toMatchObject({ temperature: 20.5 });
      expect(urls.map(({ pathname }) => pathname.split("/").slice(4).join("/"))).toEqual(["", id, `${id}/latest`]);
    },
  );

  test("is written to and emptied on the lanes that may", async () => {
    await createNamed("written");
    const writing = await at("writer").channelByName("written", thermometer);
    expectTypeOf(writing).toEqualTypeOf<ChannelWriter<typeof thermometer>>();
    expect((await writing.append([{ temperature: 21 }])).op_details.inserted_rows).toBe(1);
    const admin = await at("setup").channelByName("written", thermometer);
    expectTypeOf(admin).toEqualTypeOf<ChannelAdmin<typeof thermometer>>();
    expect((await admin.deleteRows({ all: true })).op_details.deleted_rows).toBe(2);
  });

  test.for(["reader", "writer", "setup"] as const)("is not found on the lane %s when there is none", async (lane) => {
    await createNamed(`${lane} there`);
    for (const name of [`${lane} not there`, "undefined", String(await createNamed(`${lane} by id`))]) {
      const error = await at(lane)
        .channelByName(name, thermometer)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error).toMatchObject({ status: 404, code: "channel_not_found", message: `No channel has the name "${name}".` });
      expect(isApiError(error, "channel_not_found") && error.requestId).toMatch(/\S/);
    }
  });

  test("is no other when the name is missing", async () => {
    await createNamed("any");
    const nothing: unknown = undefined;
    await expect(at("reader").channelByName(nothing as string, thermometer)).rejects.toThrow(NotFoundError);
    await expect(at("reader").channelByName("", thermometer)).rejects.toMatchObject({ code: "request_invalid" });
  });

  test("stays that one: after its deletion it is not found, though another has its name", async () => {
    const id = await createNamed("remade");
    const old = await at("writer").channelByName("remade", thermometer);
    await old.append([{ temperature: 1 }]);
    await as("admin", server).delete(`/setup/v1/channels/${id}`).expect(200);
    const anew = await createNamed("remade");
    for (const call of [() => old.append([{ temperature: 2 }]), () => old.latest(), () => old.get()]) {
      await expect(call()).rejects.toMatchObject({ code: "channel_not_found", message: `No channel has the id ${id}.` });
    }
    expect(await (await at("writer").channelByName("remade", thermometer)).get()).toMatchObject({
      channel_id: anew,
      available_rows: 1,
    });
  });

  test("ends when its signal does", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(at("reader").channelByName("any", thermometer, { signal })).rejects.toThrow("enough");
  });
});
