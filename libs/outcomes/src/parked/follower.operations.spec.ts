import { describe, expect, it } from '@jest/globals';
import { runParkedCommand } from '@vouchers/service';
import { followerOperations, skipOrders } from './follower.operations.ts';

const VOUCHER = '01a20000-0000-7000-8000-000000000001';

/** A database that only stores and returns recorded actions. */
function recording() {
  const recorded: unknown[][] = [];
  const ask = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> => {
    if (text.startsWith('INSERT INTO operator_actions')) recorded.push(values);
    if (!text.includes("action = 'skip'")) return [];
    const [by, , , outcome] = recorded.find(([, action, subject]) => action === 'skip' && subject === values[0]) ?? [];
    return (by === undefined ? [] : [{ at: 'then', by, outcome }]) as Row[];
  };
  const operations = followerOperations({ ask, eventAt: async () => undefined, readAgain: async () => 0 });
  const lines: string[] = [];
  return {
    ask,
    recorded,
    lines,
    run: (...args: string[]) => runParkedCommand(args, operations, (line) => lines.push(line)),
  };
}

describe('the command "parked"', () => {
  it.each([
    [['sweep'], 'sweep'],
    [['retry'], 'VOUCHER'],
    [['retry', 'x'], 'VOUCHER'],
    [['inspect', VOUCHER, VOUCHER], 'VOUCHER'],
    [['skip', 'topic', '1'], 'OFFSET'],
    [['skip', 'topic', 'one', '2'], 'PARTITION'],
    [['skip', 'topic', '1', '-2'], '-2'],
    [['list', '--by', ' '], '--by'],
    [['list', '--all'], '--all'],
  ])('names the fault in %j and records nothing', async (args, named) => {
    const { run, lines, recorded } = recording();
    expect(await run(...args)).toBe(2);
    expect(lines.join('\n')).toContain(named);
    expect(recorded).toEqual([]);
  });

  it('says that there is nothing to retry', async () => {
    const { run, lines } = recording();
    expect(await run('retry', VOUCHER)).toBe(0);
    expect(lines).toEqual([`${VOUCHER} is not parked`]);
  });

  it('records an order to skip, which only the consumer of that record finds', async () => {
    const { run, ask } = recording();
    expect(await run('skip', 'topic', '1', '20', '--by', 'ann', '--reason', 'a bad disk')).toBe(0);
    const skip = skipOrders(ask);
    expect(await skip({ topic: 'topic', partition: 1, offset: 20n })).toBe('skipped by ann at then: a bad disk');
    expect(await skip({ topic: 'topic', partition: 1, offset: 21n })).toBeUndefined();
  });
});
