/** A server that runs, and where. */
export interface RunningServer {
  /** Postgres: a superuser's connection string. Kafka: `host:port`. */
  readonly address: string;
  /** Of the server's first process; a container has none here. */
  readonly processId?: number;
  /** Resolves when its process has ended, with how. */
  readonly exited?: Promise<string>;
  stop(): Promise<void>;
}

/** How servers of one's own are kept. */
export interface ServerOptions {
  /** Where data and logs lie. */
  readonly folder: string;
  /** Whether the data are wanted afterwards; if not, speed goes before safety. */
  readonly kept: boolean;
  readonly say: (line: string) => void;
}
