// The command `node dist/parked.js`. With it an operator lists and inspects parked vouchers or records, retries a
// parked voucher, or orders to skip a stuck record. Every action is recorded, even one that failed.
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';

/** The commands of one service. They return lines for the operator. */
export interface ParkedOperations {
  list(): Promise<string[]>;
  /** Shows a voucher or a record of the submissions that the service has set aside. */
  inspect(subject: string[]): Promise<string[]>;
  /** Absent if nothing can be retried. Throws if the retry fails. */
  retry?(subject: string[], by: string): Promise<{ done: boolean; line: string }>;
  skip(place: { topic: string; partition: number; offset: bigint }, by: string, why: string): Promise<void>;
}

const USAGE = `parked list
parked inspect SUBJECT
parked retry VOUCHER [--by NAME]
parked skip TOPIC PARTITION OFFSET [--by NAME] [--reason TEXT]`;
const LONGEST_TEXT = 200;
const NUMBER = /^\d{1,15}$/;

/** The error of a wrong argument. The message names the argument, and nothing was done. */
export class UsageError extends Error {}

/** @returns the exit code: 1 if a retry failed, 2 if an argument is wrong */
export async function runParkedCommand(
  args: string[],
  operations: ParkedOperations,
  say: (line: string) => void = console.log,
): Promise<number> {
  try {
    return await carryOut(args, operations, say);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(error.message);
    return 2;
  }
}

async function carryOut(args: string[], operations: ParkedOperations, say: (line: string) => void): Promise<number> {
  const { positionals, values } = parsed(args);
  const [verb = 'list', ...subject] = positionals;
  const by = textOf('--by', values.by ?? userInfo().username);
  switch (verb) {
    case 'list':
      (await operations.list()).forEach(say);
      return 0;
    case 'inspect':
      (await operations.inspect(subject)).forEach(say);
      return 0;
    case 'retry': {
      if (!operations.retry) throw new UsageError('nothing can be retried here: a decision is final');
      const { done, line } = await operations.retry(subject, by);
      say(line);
      return done ? 0 : 1;
    }
    case 'skip': {
      const place = placeIn(subject);
      await operations.skip(place, by, textOf('--reason', values.reason ?? 'not said'));
      say(`${place.topic} ${place.partition}:${place.offset} is set aside at its next attempt, if it is stuck then`);
      return 0;
    }
    default:
      throw new UsageError(`'${verb}' is none of list, inspect, retry, skip\n${USAGE}`);
  }
}

function parsed(args: string[]): { positionals: string[]; values: { by?: string; reason?: string } } {
  const options = { by: { type: 'string' }, reason: { type: 'string' } } as const;
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

function textOf(name: string, text: string): string {
  if (!text.trim() || text.length > LONGEST_TEXT || text.includes('\u0000'))
    throw new UsageError(`${name} must be 1 to ${LONGEST_TEXT} characters`);
  return text;
}

function placeIn([topic = '', partition = '', offset = '', ...more]: string[]): Parameters<
  ParkedOperations['skip']
>[0] {
  if (!topic || more.length > 0) throw new UsageError(`TOPIC, PARTITION and OFFSET are needed\n${USAGE}`);
  if (!NUMBER.test(partition)) throw new UsageError(`PARTITION must be a number (it is '${partition}')`);
  if (!NUMBER.test(offset)) throw new UsageError(`OFFSET must be a number (it is '${offset}')`);
  return { topic, partition: Number(partition), offset: BigInt(offset) };
}
