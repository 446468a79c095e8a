/** A running server and its address. */
export interface RunningServer {
  /** Postgres: a superuser's connection string. Kafka: `host:port`. */
  readonly address: string;
  /** The server's first process; undefined for a container. */
  readonly processId?: number;
  /** Resolves with the result when its process has ended. */
  readonly exited?: Promise<string>;
  stop(): Promise<void>;
}

/** Settings of local servers. */
export interface ServerOptions {
  /** The folder of data and logs. */
  readonly folder: string;
  /** Whether the data must survive. If not, the server trades safety for speed. */
  readonly kept: boolean;
  /** Passwords of Kafka's principals. Without them, Kafka asks nobody for a password. */
  readonly kafkaPasswords?: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}
