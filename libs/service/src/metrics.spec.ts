import { describe, expect, it } from '@jest/globals';
import { showConsumption } from './consumption.metrics.ts';
import { httpSeconds } from './http.seconds.ts';
import { ObservableGauge, metrics } from './metrics.ts';

/** The lines of one metric at /metrics, without comments. */
const told = async (name: string): Promise<string[]> =>
  (await metrics.getSingleMetricAsString(name)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('a gauge with sources', () => {
  it('has the present values of its sources, and no earlier ones', async () => {
    const gauge = new ObservableGauge('asked', 'of partitions', ['partition']);
    let owned = [0, 1];
    gauge.observe(() => owned.map((partition) => [{ partition }, partition * 10]));
    gauge.observe(async () => [[{ partition: 7 }, 7]]);
    expect(await told('asked')).toEqual(
      ['asked{partition="7"} 7', 'asked{partition="0"} 0', 'asked{partition="1"} 10'].sort(),
    );
    owned = [1];
    expect(await told('asked')).toEqual(['asked{partition="1"} 10', 'asked{partition="7"} 7']);
  });

  it('has no value if a source fails, with or without labels', async () => {
    const plain = new ObservableGauge('plain', 'of nothing');
    let fails = false;
    plain.observe(async () => {
      if (fails) throw new Error('Postgres is away');
      return [[{}, 3]];
    });
    expect(await told('plain')).toEqual(['plain 3']);
    fails = true;
    expect(await told('plain')).toEqual([]);
  });
});

it('HTTP answers are counted by method, route and status in cumulative buckets', async () => {
  const answered = { method: 'GET', route: '/v1/things/:id' };
  for (const seconds of [0.002, 0.02, 0.02, 9]) httpSeconds.observe({ ...answered, status: 200 }, seconds);
  httpSeconds.observe({ ...answered, status: 404 }, 0.3);
  const lines = (await told('http_request_duration_seconds')).filter((line) => line.includes('/v1/things/:id'));
  const of = (status: number): Record<string, number> =>
    Object.fromEntries(
      lines
        .filter((line) => line.includes(`status="${status}"`))
        .map((line) => [
          /le="([^"]+)"/.exec(line)?.[1] ?? /_(sum|count)\{/.exec(line)![1]!,
          Number(line.split(' ')[1]),
        ]),
    );
  expect(of(200)).toMatchObject({ '0.002': 1, '0.01': 1, '0.025': 3, '5': 3, '+Inf': 4, count: 4 });
  expect(of(200)['sum']).toBeCloseTo(9.042);
  expect(of(404)).toMatchObject({ '0.25': 0, '0.5': 1, '+Inf': 1, count: 1, sum: 0.3 });
});

describe('a consumer', () => {
  it('has its lag by partition and its state while it runs', async () => {
    type Status = {
      idleMs: number;
      assigned: { partition: number; lag: number }[];
      halted: string[];
      failing: string[];
      stuck: string[];
    };
    const running: Status[] = [];
    showConsumption('a-consumer', () => running[0] && { status: () => running[0]! });
    expect(await told('consumer_lag_records')).toEqual([]);
    running.push({
      idleMs: 1_500,
      assigned: [{ partition: 2, lag: 40 }],
      halted: ['a hole'],
      failing: [],
      stuck: ['a record'],
    });
    expect(await told('consumer_lag_records')).toEqual([
      'consumer_lag_records{consumer="a-consumer",partition="2"} 40',
    ]);
    const shown = ['idle_seconds', 'assigned_partitions', 'halted_partitions', 'failing_partitions', 'stuck_records'];
    const lines = await Promise.all(shown.map((name) => told(`consumer_${name}`)));
    expect(lines.flat().map((line) => Number(line.split(' ')[1]))).toEqual([1.5, 1, 1, 0, 1]);
  });
});
