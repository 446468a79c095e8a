// murmur2 as Kafka's Java client and kafkajs compute it, so that every producer agrees on a voucher's partition.

const REMEMBERED_KEYS = 20_000;
let remembered = new Map<string, number>();

/** The partition of a key: `toPositive(murmur2(utf8(key))) % partitions`, Kafka's default partitioner. */
export function partitionOfKey(key: string, partitions: number): number {
  let hash = remembered.get(key);
  if (hash === undefined) {
    hash = murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff;
    // A hash takes 200 ns, which is cheaper than tracking which keys were used last. So a full map is emptied.
    if (remembered.size >= REMEMBERED_KEYS) remembered = new Map();
    remembered.set(key, hash);
  }
  return hash % partitions;
}

/** MurmurHash2, 32 bits, seed 0x9747b28c: org.apache.kafka.common.utils.Utils.murmur2. */
function murmur2(data: Buffer): number {
  const M = 0x5bd1e995;
  let hash = 0x9747b28c ^ data.length;
  let at = 0;
  for (; at + 4 <= data.length; at += 4) {
    let k = Math.imul(data.readInt32LE(at), M);
    k = Math.imul(k ^ (k >>> 24), M);
    hash = Math.imul(hash, M) ^ k;
  }
  const left = data.length - at;
  if (left === 3) hash ^= data[at + 2]! << 16;
  if (left >= 2) hash ^= data[at + 1]! << 8;
  if (left >= 1) hash = Math.imul(hash ^ data[at]!, M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}
