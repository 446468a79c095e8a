// A platform's issuer, which can be stopped and started again unchanged.
import { startIssuer, type Issuer } from '../issuer/issuer.ts';
import type { SigningKey } from '../issuer/signing-key.ts';

const NOWHERE = 'http://localhost:1';

export class StagedIssuer {
  readonly #start: (secret: string) => Promise<Issuer>;
  #running: Issuer;

  static async start(port: number, key: SigningKey): Promise<StagedIssuer> {
    const origins = { console: NOWHERE, page: NOWHERE };
    const start = (clientSecret?: string): Promise<Issuer> =>
      startIssuer({ port, key, origins, ...(clientSecret !== undefined && { clientSecret }) });
    return new StagedIssuer(start, await start());
  }
  private constructor(start: (secret: string) => Promise<Issuer>, running: Issuer) {
    this.#start = start;
    this.#running = running;
  }

  get url(): string {
    return this.#running.url;
  }
  get client(): Issuer['client'] {
    return this.#running.client;
  }
  async stop(): Promise<void> {
    await this.#running.stop();
  }
  /** Starts it again after `stop`, with the same address, key and clients. */
  async startAgain(): Promise<void> {
    this.#running = await this.#start(this.#running.client.secret);
  }
}
