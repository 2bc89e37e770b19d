/** The page: asks where to look, finds the channel, and draws the newest minutes of it for as long as the page is open. */
import { createReader, KronicleError, type Reader } from "@kronicle/client";
import { thermometer } from "../sensor/thermometer.ts";
import { element } from "./element.ts";
import { showDashboard } from "./show-dashboard.ts";

const form = element("connect", HTMLFormElement);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(form);
  const text = (name: string) => String(given.get(name));
  const complaint = form.querySelector("output");
  try {
    // Its own retries are enough for a page that is being opened.
    const reader = createReader({ baseUrl: text("server"), token: text("key"), timeoutMs: 5_000 });
    const channelId = await findChannel(reader, text("channel"));
    form.hidden = true;
    await showDashboard(reader.channel(channelId, thermometer), text("channel"));
  } catch (error) {
    if (!(error instanceof KronicleError || error instanceof TypeError)) throw error;
    element("dashboard", HTMLElement).hidden = true;
    form.hidden = false;
    complaint?.replaceChildren(error.message);
  }
});

async function findChannel(reader: Reader, name: string): Promise<string> {
  const { channels } = await reader.listChannels({ name }).page();
  const [channel] = channels;
  if (!channel) throw new TypeError(`There is no channel "${name}", or it is not one that this key may see.`);
  return channel.channel_id;
}
