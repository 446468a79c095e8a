import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFINITION_TYPE, type Voucher } from '@vouchers/contracts';
import { v7 as uuidv7 } from 'uuid';
import { SPEC, startConfig, type Answer, type Ask, type RunningConfig } from '../../testing/config.service.ts';

let config: RunningConfig;
beforeAll(async () => {
  config = await startConfig();
}, 60_000);
afterAll(() => config.stop());

const pointers = ({ body }: Answer): string[] => body.errors.map(({ pointer }: { pointer: string }) => pointer).sort();
const step = (voucher: { id: string }, name: string, ask?: Ask): Promise<Answer> =>
  config.call('POST', `/v1/vouchers/${voucher.id}/${name}`, undefined, ask);
const replace = (voucher: { id: string }, body: unknown, ifMatch?: string, ask?: Ask): Promise<Answer> =>
  config.call('PUT', `/v1/vouchers/${voucher.id}`, body, { ...ask, headers: ifMatch ? { 'if-match': ifMatch } : {} });
const rows = async (): Promise<number> =>
  (await config.pool.query('SELECT count(*)::int AS n FROM vouchers')).rows[0].n;

describe('a voucher', () => {
  it('is created as a draft with every default', async () => {
    const answer = await config.call('POST', '/v1/vouchers', SPEC);
    const { id } = answer.body as Voucher;
    expect(answer).toMatchObject({
      status: 201,
      body: { state: 'draft', version: 1, team: 'default', updatedBy: 'staff', clock: 'wall', goods: [] },
    });
    expect(answer.body.windows.valid).toEqual({ from: '2026-10-31T16:00:00.000Z', to: '2026-11-30T16:00:00.000Z' });
    expect(answer.body.nodes.claim).toEqual({ when: 'true', perUser: 1 });
    expect([answer.headers.get('etag'), answer.headers.get('location')]).toEqual(['"1"', `/v1/vouchers/${id}`]);
    const read = await config.call('GET', `/v1/vouchers/${id}`);
    expect([read.headers.get('etag'), read.body]).toEqual(['"1"', answer.body]);
  });

  it('is on both topics when the answer comes, with its goods on the one and without them on the other', async () => {
    const { id } = await config.create({ goods: [{ sku: 'A-1', name: 'A' }] });
    await step({ id }, 'publish');
    const [definitions, submissions] = await Promise.all([
      config.records('definitions'),
      config.records('submissions'),
    ]);
    const of = (records: typeof definitions) => records.filter(({ key }) => key === id);
    const values = (records: typeof definitions) => of(records).map(({ value }) => JSON.parse(String(value)));
    expect(values(definitions)).toMatchObject([
      { voucherId: id, version: 1, intent: 'draft', team: 'default', by: 'staff', spec: { goods: [{ sku: 'A-1' }] } },
      { version: 2, intent: 'published' },
    ]);
    expect(values(submissions)).toMatchObject([
      { version: 1, spec: { goods: [] } },
      { version: 2, spec: { goods: [] } },
    ]);
    expect(of(submissions)[1]!.headers).toMatchObject({
      ce_type: DEFINITION_TYPE,
      ce_subject: id,
      ce_specversion: '1.0',
    });
  });

  it('is published, paused, resumed and terminated, by one version each', async () => {
    const voucher = await config.create();
    for (const [index, [name, state]] of [
      ['publish', 'published'],
      ['pause', 'paused'],
      ['resume', 'published'],
      ['terminate', 'terminated'],
    ].entries()) {
      const answer = await step(voucher, name!);
      expect(answer).toMatchObject({ status: 200, body: { state, version: index + 2 } });
      expect(answer.headers.get('etag')).toBe(`"${index + 2}"`);
    }
    const { body } = await config.call('GET', `/v1/vouchers/${voucher.id}/versions`);
    expect(
      body.items.map(({ version, intent }: { version: number; intent: string }) => `${version} ${intent}`),
    ).toEqual(['5 terminated', '4 published', '3 paused', '2 published', '1 draft']);
    const { body: activity } = await config.call('GET', `/v1/activity?voucherId=${voucher.id}`);
    expect(activity.items[0]).toMatchObject({ by: 'staff', team: 'default', action: 'terminate' });
    expect(activity.items[0]).not.toHaveProperty('byName');
    expect(activity.items.map(({ action }: { action: string }) => action)).toEqual([
      'terminate',
      'resume',
      'pause',
      'publish',
      'create',
    ]);
  });

  it('shows the name that staff had at each action', async () => {
    const { body: voucher } = await config.call('POST', '/v1/vouchers', SPEC, { sub: 's-1', name: 'Ann Lee' });
    await step(voucher, 'publish', { sub: 's-1', name: 'Ann May' });
    const slug = `of-${voucher.id}`;
    await config.call('PUT', `/v1/pages/${slug}`, { title: 'A', voucherIds: [] }, { sub: 's-1', name: 'Ann May' });
    const { body } = await config.call('GET', '/v1/activity?by=s-1');
    expect(body.items.map(({ action, byName }: { action: string; byName: string }) => [action, byName])).toEqual([
      ['create', 'Ann May'],
      ['publish', 'Ann May'],
      ['create', 'Ann Lee'],
    ]);
    const { body: versions } = await config.call('GET', `/v1/vouchers/${voucher.id}/versions`);
    expect(versions.items).toMatchObject([{ byName: 'Ann May' }, { byName: 'Ann Lee' }]);
    expect((await config.call('GET', `/v1/pages/${slug}`)).body).toMatchObject({ updatedByName: 'Ann May' });
  });

  it.each([
    [[], 'pause', 'not-published'],
    [[], 'resume', 'not-published'],
    [['publish'], 'publish', 'not-draft'],
    [['publish'], 'resume', 'not-paused'],
    [['publish', 'pause'], 'pause', 'paused'],
    [['publish', 'pause'], 'publish', 'not-draft'],
    [['terminate'], 'publish', 'terminated'],
    [['terminate'], 'pause', 'terminated'],
    [['terminate'], 'resume', 'terminated'],
    [['terminate'], 'terminate', 'terminated'],
  ])('after %j does not %s: %s', async (before, name, reason) => {
    const voucher = await config.create();
    for (const earlier of before) expect((await step(voucher, earlier)).status).toBe(200);
    expect(await step(voucher, name)).toMatchObject({ status: 409, body: { reason } });
    expect((await config.call('GET', `/v1/vouchers/${voucher.id}`)).body.version).toBe(before.length + 1);
  });

  it('changes only with If-Match, and its version lists the changed fields', async () => {
    const voucher = await config.create();
    const changed = await replace(voucher, { ...SPEC, name: 'New', labels: { campaign: '26' } }, '"1"');
    expect(changed).toMatchObject({ status: 200, body: { version: 2, name: 'New', state: 'draft' } });
    const version = await config.call('GET', `/v1/vouchers/${voucher.id}/versions/2`);
    expect(version.body).toMatchObject({ version: 2, by: 'staff', intent: 'draft', spec: { name: 'New' } });
    expect(version.body.changed).toEqual(expect.arrayContaining(['/name']));
    expect((await config.call('GET', `/v1/vouchers/${voucher.id}/versions/3`)).status).toBe(404);
  });

  it('keeps its clock and time zone after it is published', async () => {
    const voucher = await config.create();
    expect((await replace(voucher, { ...SPEC, clock: 'submissions' }, '"1"')).status).toBe(200);
    await step(voucher, 'publish');
    const frozen = await replace(voucher, SPEC, '"3"');
    expect([frozen.status, frozen.body.reason, pointers(frozen)]).toEqual([409, 'frozen', ['/clock']]);
    const windows = { ...SPEC.windows, timeZone: 'asia/shanghai' };
    const live = await replace(voucher, { ...SPEC, clock: 'submissions', name: 'Live', windows }, '"3"');
    expect(live).toMatchObject({
      status: 200,
      body: { version: 4, state: 'published', windows: { timeZone: 'Asia/Shanghai' } },
    });
    await step(voucher, 'terminate');
    expect(await replace(voucher, { ...SPEC, clock: 'submissions' }, '"5"')).toMatchObject({
      status: 409,
      body: { reason: 'terminated' },
    });
  });

  it.each<[number, string, unknown, string | undefined, Ask]>([
    [401, 'no valid token', {}, undefined, { headers: { authorization: 'Bearer x' } }],
    [403, 'no scope', {}, undefined, { scope: 'vouchers:read' }],
    [428, 'no If-Match', {}, undefined, {}],
    [400, 'a bad body', {}, '"9"', { team: 'other' }],
    [403, 'another team', SPEC, '"9"', { team: 'other' }],
    [412, 'an old If-Match', SPEC, '"9"', {}],
  ])('is not changed: %i for %s', async (status, _, body, ifMatch, ask) => {
    const voucher = await config.create();
    const headers = { ...(ifMatch && { 'if-match': ifMatch }), ...ask.headers };
    expect((await config.call('PUT', `/v1/vouchers/${voucher.id}`, body, { ...ask, headers })).status).toBe(status);
    expect((await config.call('GET', `/v1/vouchers/${voucher.id}`)).body.version).toBe(1);
  });

  it.each([[[]], [['publish']], [['publish', 'pause']], [['publish', 'pause', 'resume']], [['terminate']]])(
    'after %j is changed only with the scope to publish, and as a draft with the scope to write',
    async (before) => {
      const voucher = await config.create();
      for (const step of before) await config.call('POST', `/v1/vouchers/${voucher.id}/${step}`);
      const version = before.length + 1;
      const change = (scope: string, ifMatch: string): Promise<Answer> =>
        config.call(
          'PUT',
          `/v1/vouchers/${voucher.id}`,
          { ...SPEC, name: 'Changed' },
          { scope, headers: { 'if-match': ifMatch } },
        );
      expect((await change('vouchers:publish', `"${version}"`)).status).toBe(403);
      if (before.length > 0) {
        for (const ifMatch of [`"${version}"`, '"99"'])
          expect(await change('vouchers:write', ifMatch)).toMatchObject({
            status: 403,
            body: { detail: expect.stringContaining('vouchers:publish') },
          });
        expect((await config.call('GET', `/v1/vouchers/${voucher.id}`)).body.version).toBe(version);
      }
      const scope = before.length > 0 ? 'vouchers:write vouchers:publish' : 'vouchers:write';
      expect((await change(scope, `"${version}"`)).status).toBe(before[0] === 'terminate' ? 409 : 200);
    },
  );

  it('is changed by one of several writers with the same version', async () => {
    const voucher = await config.create();
    const answers = await Promise.all([1, 2, 3, 4].map((n) => replace(voucher, { ...SPEC, name: `N${n}` }, '"1"')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });

  it.each(['x', uuidv7(), '%00', '../vouchers'])('with the id %s does not exist', async (id) => {
    const path = `/v1/vouchers/${id === '%00' ? id : encodeURIComponent(id)}`;
    expect((await config.call('GET', path)).status).toBe(404);
    expect((await config.call('POST', `${path}/publish`)).status).toBe(404);
    expect((await config.call('PUT', path, SPEC, { headers: { 'if-match': '"1"' } })).status).toBe(404);
    expect((await config.call('GET', `${path}/versions`)).status).toBe(404);
  });
});

describe('a bad spec', () => {
  it.each<[string, object]>([
    ['/name', { name: undefined }],
    ['/name', { name: 5 }],
    ['/colour', { colour: 'red' }],
    ['/resourceType', { resourceType: 'money' }],
    [
      '/windows/valid/to',
      { windows: { ...SPEC.windows, valid: { from: '2026-11-01T00:00:00Z', to: '2026-11-01T00:00:00Z' } } },
    ],
    ['/windows/timeZone', { windows: { ...SPEC.windows, timeZone: 'Mars/Olympus' } }],
    [
      '/windows/claim/to',
      { windows: { ...SPEC.windows, claim: { from: '2026-11-02T00:00:00Z', to: '2026-11-02T00:00:00Z' } } },
    ],
    ['/quantities/push', { quantities: { push: 1, claim: 2 } }],
    ['/quantities/redeem', { quantities: { claim: 2, redeem: 3 } }],
    ['/quantities/claim', { quantities: { claim: 0 } }],
    ['/nodes/claim/when', { nodes: { claim: { when: 'user.tier ==' } } }],
    ['/nodes/claim/perUser', { nodes: { claim: { perUser: 1.5 } } }],
    ['/benefit/amount', { benefit: { type: 'amount-off', amount: -1, currency: 'CNY' } }],
    ['/goods/1/sku', { goods: [{ sku: 'a' }, {}] }],
  ])('is told where: %s', async (pointer, change) => {
    const before = await rows();
    const answer = await config.call('POST', '/v1/vouchers', { ...SPEC, ...change });
    expect([answer.status, pointers(answer)]).toEqual([400, [pointer]]);
    expect(await rows()).toBe(before);
  });

  it.each(['', '[]', 'null', '"x"', '5', '{'])('of %j is 400', async (text) => {
    expect((await config.call('POST', '/v1/vouchers', text || undefined)).status).toBe(400);
  });

  it('is 413 only beyond 2 MB', async () => {
    const filler = ' '.repeat(2 * 1024 * 1024 - Buffer.byteLength(JSON.stringify(SPEC)));
    expect((await config.call('POST', '/v1/vouchers', JSON.stringify(SPEC) + filler)).status).toBe(201);
    expect((await config.call('POST', '/v1/vouchers', `${JSON.stringify(SPEC)}${filler} `)).status).toBe(413);
  });
});

describe('a request that waits for a lock', () => {
  it('fails after a time limit, so that its connection serves other requests', async () => {
    const { id } = await config.create();
    const other = await config.pool.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM vouchers WHERE id = $1 FOR UPDATE', [id]);
      const since = performance.now();
      expect((await step({ id }, 'publish')).status).toBe(503);
      expect(performance.now() - since).toBeLessThan(15_000);
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
    expect((await step({ id }, 'publish')).status).toBe(200);
  });
});

describe('a batch', () => {
  const batch = (items: unknown, publish?: unknown, ask?: Ask): Promise<Answer> =>
    config.call('POST', '/v1/vouchers/batch', { items, publish }, ask);
  const many = (n: number): object[] =>
    Array.from({ length: n }, (_, index) => ({ ...SPEC, name: `B${index}`, labels: { batch: 'a' } }));

  it('of a thousand vouchers is created, published and acknowledged together', async () => {
    const { status, body } = await batch(many(1_000), true);
    expect([status, body.items.length]).toEqual([201, 1_000]);
    expect(body.items[999]).toMatchObject({ name: 'B999', version: 1, state: 'published' });
    const written = (await config.records('submissions')).filter(
      ({ value }) => JSON.parse(String(value)).spec.labels.batch === 'a',
    );
    expect(written).toHaveLength(1_000);
  });

  it('is refused as a whole for one bad item, with its pointer', async () => {
    const before = await rows();
    const valid = { from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' };
    const items = [...many(3), { ...SPEC, windows: { timeZone: 'UTC', valid } }, 7];
    const answer = await batch(items);
    expect([answer.status, pointers(answer)]).toEqual([400, ['/items/3/windows/valid/to', '/items/4']]);
    expect(await rows()).toBe(before);
  });

  it('of 1,001 is refused', async () => {
    const answer = await batch(many(1_001));
    expect([answer.status, pointers(answer)]).toEqual([400, ['/items']]);
  });

  it('needs the scope vouchers:publish if it publishes', async () => {
    expect((await batch(many(1), true, { scope: 'vouchers:write' })).status).toBe(403);
    expect((await batch(many(1), false, { scope: 'vouchers:write' })).status).toBe(201);
    expect((await batch(many(1), null, { scope: 'vouchers:write' })).status).toBe(201);
    expect((await batch(many(1), 'yes')).status).toBe(400);
  });
});

describe('the list', () => {
  it('is filtered by state, label and search, and has pages, newest first', async () => {
    const labels = { list: uuidv7() };
    const made = [];
    for (const name of ['Alpha', 'Beta 100%', 'Alphabet']) made.push(await config.create({ name, labels }));
    await step(made[1]!, 'publish');
    const names = async (query: string): Promise<string[]> =>
      (await config.call('GET', `/v1/vouchers?label=list:${labels.list}&${query}`)).body.items.map(
        ({ name }: Voucher) => name,
      );
    expect(await names('')).toEqual(['Alphabet', 'Beta 100%', 'Alpha']);
    expect(await names('state=published')).toEqual(['Beta 100%']);
    expect(await names('search=alpha')).toEqual(['Alphabet', 'Alpha']);
    expect(await names('search=100%25')).toEqual(['Beta 100%']);
    expect(await names('search=%5F')).toEqual([]);
    const first = await config.call('GET', `/v1/vouchers?label=list:${labels.list}&limit=2`);
    expect(first.body.items).toHaveLength(2);
    expect(await names(`limit=2&after=${first.body.next}`)).toEqual(['Alpha']);
    expect(
      (await config.call('GET', `/v1/vouchers?label=list:${labels.list}&limit=2&after=${first.body.next}`)).body.next,
    ).toBeNull();
  });

  it.each(['state=open', 'label=x', 'limit=201', 'after=abc', 'search=%00', 'state=draft&state=paused'])(
    'refuses %s',
    async (query) => {
      expect((await config.call('GET', `/v1/vouchers?${query}`)).status).toBe(400);
    },
  );
});
