// Trap: kafkajs ends a consumer for good if it does not find the coordinator of its group within some seconds. A new
// Kafka under load takes longer to make one, and one that starts again takes longer to give it a leader.
import type { Consumer, ConsumerCrashEvent, ConsumerRunConfig } from 'kafkajs';

const NOT_FOUND = 'KafkaJSGroupCoordinatorNotFound';
const AGAIN_MS = 1_000;

/** Runs a kafkajs consumer, and runs it again if kafkajs ended it only for want of a coordinator. */
export class LastingRun {
  readonly #consumer: Pick<Consumer, 'run'>;
  readonly #onFailure: (error: Error) => void;
  #config: ConsumerRunConfig | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param onFailure called if it cannot be run again */
  constructor(consumer: Pick<Consumer, 'run'>, onFailure: (error: Error) => void) {
    this.#consumer = consumer;
    this.#onFailure = onFailure;
  }

  start(config: ConsumerRunConfig): Promise<void> {
    this.#config = config;
    return this.#consumer.run(config);
  }

  /** @returns whether the consumer goes on after this crash, by kafkajs or by this */
  goesOnAfter({ restart, error }: ConsumerCrashEvent['payload']): boolean {
    if (restart) return true;
    if (!isForWantOfCoordinator(error)) return false;
    this.#timer = setTimeout(() => this.start(this.#config!).catch(this.#onFailure), AGAIN_MS);
    return true;
  }

  /** Call it before the consumer is disconnected. */
  end(): void {
    clearTimeout(this.#timer);
  }
}

/** kafkajs wraps the error once or twice. */
const isForWantOfCoordinator = (error: Error): boolean =>
  error.name === NOT_FOUND || (error.cause instanceof Error && isForWantOfCoordinator(error.cause));
