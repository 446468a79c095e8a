// What passes the proxies, told by its bytes: no service needs to say where it stands.

/** A batch on its way to Postgres: the prepared statement `append` is bound. It is the whole transaction. */
export const append = (bytes: Buffer): boolean => bytes.includes('\0append\0');
/** A batch of the read model, as `append`. */
export const projection = (bytes: Buffer): boolean => bytes.includes('\0write\0');

const [PRODUCE, OFFSET_COMMIT] = [0, 8];
const apiKey = (bytes: Buffer): number => (bytes.length > 6 ? bytes.readInt16BE(4) : -1);

/** Records on their way to that topic of Kafka. */
export const produceTo =
  (topic: string) =>
  (bytes: Buffer): boolean =>
    apiKey(bytes) === PRODUCE && bytes.includes(topic);
/** A consumer tells Kafka how far it came. */
export const offsetCommit = (bytes: Buffer): boolean => apiKey(bytes) === OFFSET_COMMIT;
