/** In charge of answers that are the same for everybody: compressed once, however often they are asked for. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

export class ConstantText {
  readonly text: string;
  #gzipped: Promise<Buffer> | null = null;

  constructor(text: string) {
    this.text = text;
  }

  /** As small as gzip makes it: it is done once. What failed, for want of memory, is tried again. */
  async gzipped(): Promise<Buffer> {
    this.#gzipped ??= compress(this.text, { level: 9 });
    try {
      return await this.#gzipped;
    } catch (error) {
      this.#gzipped = null;
      throw error;
    }
  }
}
