// The recorded events in order, with a look at those that come.
import { recordedEvent, type RecordedEvent, type RecordedRow } from './question.ts';

export class EventSource {
  readonly #pages: AsyncIterator<readonly RecordedRow[]> | Iterator<readonly RecordedRow[]>;
  #events: RecordedEvent[] = [];
  #next = 0;
  #isOver = false;
  /** The rows that were taken. */
  taken = 0;

  readonly #onPage: (events: readonly RecordedEvent[]) => Promise<void>;

  /** @param onPage is told of the events of each page before any of them is given */
  constructor(
    pages: AsyncIterable<readonly RecordedRow[]> | Iterable<readonly RecordedRow[]>,
    onPage: (events: readonly RecordedEvent[]) => Promise<void>,
  ) {
    this.#onPage = onPage;
    this.#pages = Symbol.asyncIterator in pages ? pages[Symbol.asyncIterator]() : pages[Symbol.iterator]();
  }

  /** The event at this distance, 0 for the next one. Undefined past the last one. */
  async peek(distance = 0): Promise<RecordedEvent | undefined> {
    while (!this.#isOver && this.#next + distance >= this.#events.length) await this.#read();
    return this.#events[this.#next + distance];
  }

  async take(): Promise<RecordedEvent | undefined> {
    const event = await this.peek();
    if (event) {
      this.#next += 1;
      this.taken += 1;
    }
    return event;
  }

  /** Ends the reading of pages. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#pages.return?.();
  }

  async #read(): Promise<void> {
    const { value, done } = await this.#pages.next();
    if (done) {
      this.#isOver = true;
      return;
    }
    const events = (value as readonly RecordedRow[]).map(recordedEvent);
    await this.#onPage(events);
    this.#events = [...this.#events.slice(this.#next), ...events];
    this.#next = 0;
  }
}
