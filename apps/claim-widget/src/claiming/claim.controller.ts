// Sends what a press asks for: a claim, its extension, joining or leaving the waiting list. A voucher's module and the
// pop-up share the controller, so several presses use one idempotency key.
import type { PlatformClient, Request } from '../platform/platform.client.ts';
import { answered, interrupted, isUndecided, NONE, polled, pollPauseMs, pressed, type Attempt } from './attempt.ts';
import type { AttemptStorage, KeptAttempt } from './kept-attempt.ts';

export interface ClaimDependencies {
  readonly client: Pick<PlatformClient, 'send' | 'submission' | 'subject'>;
  readonly now: () => number;
  /** Runs the function later. @returns a function that cancels it */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly online: () => boolean;
  readonly visible: () => boolean;
  readonly newKey: () => string;
}

/** The request's body; '' for none. */
const bodyOf = (request: Request, pageSlug: string | undefined): string =>
  request === 'leave' ? '' : JSON.stringify(request === 'extend' ? {} : { pageSlug });

const requestOf = ({ request }: KeptAttempt): Request => request ?? 'claim';

export class ClaimController {
  attempt: Attempt = NONE;
  #cancelTimer: (() => void) | undefined;
  #polling = false;
  readonly #voucherId: string;
  readonly #stored: AttemptStorage;
  readonly #dependencies: ClaimDependencies;
  readonly #changed: (attempt: Attempt) => void;

  /** @param changed called at each change of `attempt` */
  constructor(
    voucherId: string,
    stored: AttemptStorage,
    dependencies: ClaimDependencies,
    changed: (attempt: Attempt) => void,
  ) {
    this.#voucherId = voucherId;
    this.#stored = stored;
    this.#dependencies = dependencies;
    this.#changed = changed;
  }

  /** Begins an attempt. A second press, or one after a failure, repeats the request with the same key and body. */
  async press(request: Request, pageSlug: string | undefined, id = this.#voucherId): Promise<void> {
    const { client, now, newKey } = this.#dependencies;
    const since = now();
    const attempt = pressed(this.attempt, since, request);
    if (isUndecided(this.attempt)) return this.#become(attempt);
    this.#show(attempt);
    const subject = await client.subject();
    if (this.attempt !== attempt) return;
    const kept = this.#stored.read();
    if (kept?.subject !== subject || requestOf(kept) !== request)
      this.#stored.write({ key: newKey(), body: bodyOf(request, pageSlug), since, subject, request, id });
    this.#act();
  }

  /** Goes on with an attempt from before a reload or a sign-in, if it was this user's. */
  async resume(): Promise<void> {
    const { status } = this.attempt;
    const kept = this.#stored.read();
    if (!kept || (status !== 'none' && status !== 'signed-out')) return;
    const subject = await this.#dependencies.client.subject();
    if (!subject || this.attempt.status !== status) return;
    if (kept.subject === subject) this.#become(pressed(this.attempt, kept.since, requestOf(kept)));
    else this.#become(NONE);
  }

  /** Goes on when the network is back, the page is visible again, or there is a token. */
  async wake(): Promise<void> {
    if (this.attempt.status === 'waiting') this.#poll();
    else if (this.attempt.status === 'offline') this.#become(pressed(this.attempt, 0, this.attempt.request));
    else await this.resume();
  }

  /** The page was loaded after the decision, so it tells the result. */
  pageLoaded(): void {
    if (this.attempt.status === 'granted') this.attempt = { ...this.attempt, shown: true };
  }

  /** Cancels the timer and ignores later answers. Another controller may go on by `resume`. */
  stop(): void {
    this.#cancelTimer?.();
    this.attempt = NONE;
  }

  #become(attempt: Attempt): void {
    if (attempt === this.attempt) return;
    this.#show(attempt);
    this.#act();
  }

  #show(attempt: Attempt): void {
    this.#cancelTimer?.();
    this.attempt = attempt;
    if (!isUndecided(attempt)) this.#stored.forget();
    this.#changed(attempt);
  }

  /** Starts the request or timer of the present state. */
  #act(): void {
    const { attempt } = this;
    const { after } = this.#dependencies;
    if (attempt.status === 'sending') void this.#send(attempt);
    if (attempt.status === 'retrying')
      this.#cancelTimer = after(attempt.forMs, () => this.#become({ ...attempt, status: 'sending' }));
    if (attempt.status === 'waiting') this.#cancelTimer = after(pollPauseMs(attempt.tries), () => this.#poll());
  }

  async #send(attempt: Extract<Attempt, { status: 'sending' }>): Promise<void> {
    const { client, online } = this.#dependencies;
    const kept = this.#stored.read();
    if (!kept) return this.#become(NONE);
    if (!online()) return this.#become(interrupted(attempt, 'offline'));
    const answer = await client.send(requestOf(kept), kept.id ?? this.#voucherId, kept.key, kept.body);
    if (this.attempt === attempt) this.#become(answered(attempt, answer, online()));
  }

  #poll(): void {
    const { attempt } = this;
    const { client, online, visible } = this.#dependencies;
    if (attempt.status !== 'waiting' || this.#polling || !visible() || !online()) return;
    this.#cancelTimer?.();
    this.#polling = true;
    void client.submission(attempt.location).then((answer) => {
      this.#polling = false;
      if (this.attempt === attempt) this.#become(polled(attempt, answer));
    });
  }
}
