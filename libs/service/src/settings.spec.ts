import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from './index.ts';
import { ThingsSettings } from '../testing/things.service.ts';

describe('settings', () => {
  it.each([
    ['PORT', 'abc'],
    ['PORT', '70000'],
    ['KAFKA_BROKERS', 'nowhere'],
    ['DATABASE_URL', 'mysql://x'],
    ['OIDC_ISSUER', 'x'],
    ['NAMESPACE', 'A-b'],
    ['MIGRATE', 'maybe'],
    ['TENANCY', 'closed'],
    ['KAFKA_REPLICATION', '-1'],
    ['COST_LIMIT', '0'],
    ['COSTLY_AT_ONCE', 'many'],
    ['REQUEST_TIMEOUT_MS', '10'],
    ['KAFKA_SSL', 'yes'],
    ['KAFKA_SSL_CA', 'ca.pem'],
    ['KAFKA_SASL_MECHANISM', 'gssapi'],
    ['OIDC_DISCOVERY_URL', 'issuer:3000'],
    ['DATABASE_PASSWORD_FILE', '/nowhere'],
  ])('name the bad variable in one line: %s=%s', (name, value) => {
    expect(() => loadSettings(ThingsSettings, { [name]: value })).toThrow(new RegExp(`^${name} [^\n]*$`));
  });

  it('prefix shared names', () => {
    const settings = loadSettings(ThingsSettings, { NAMESPACE: 'demo', DATABASE_URL: 'postgres://u:p@db:1/any' });
    expect([settings.databaseUrl, settings.ownerUrl]).toEqual(Array(2).fill('postgres://u:p@db:1/demo_config'));
    expect(settings.topics.submissions).toBe('demo.voucher.submissions.v1');
    expect(settings.group('state')).toBe('demo.config.state');
  });

  it('name a login in an address without a user', () => {
    const given = { DATABASE_URL: 'postgres://db:1/any?sslmode=require', DATABASE_PASSWORD: 'p' };
    const { databaseUrl, ownerUrl } = loadSettings(ThingsSettings, given);
    expect(databaseUrl).toBe('postgres://config:p@db:1/config?sslmode=require');
    expect(ownerUrl).toBe('postgres://migrate:p@db:1/config?sslmode=require');
  });

  it('do not prefix names without a namespace', () => {
    const settings = loadSettings(ThingsSettings, { KAFKA_BROKERS: 'a:1, b:2', PORT: '' });
    expect(settings).toMatchObject({
      brokers: ['a:1', 'b:2'],
      port: 0,
      databaseName: 'config',
      topics: { pages: 'voucher.pages.v1' },
    });
    expect(settings.group()).toBe('config');
  });
});

const pem = '-----BEGIN CERTIFICATE-----';

describe('access to Kafka', () => {
  it('is open by default', () => {
    expect(loadSettings(ThingsSettings, {}).kafka).toEqual({ brokers: ['127.0.0.1:9092'] });
  });

  it('has TLS and a user name', () => {
    const given = { KAFKA_SSL: 'true', KAFKA_SSL_CA: pem, KAFKA_SASL_MECHANISM: 'scram-sha-512' };
    const named = { KAFKA_SASL_USERNAME: 'ledger', KAFKA_SASL_PASSWORD: 'x' };
    expect(loadSettings(ThingsSettings, { ...given, ...named }).kafka).toMatchObject({
      tls: { ca: pem },
      sasl: { mechanism: 'scram-sha-512', username: 'ledger', password: 'x' },
    });
  });

  it.each([
    ['KAFKA_SASL_USERNAME', { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'x' }],
    ['KAFKA_SASL_PASSWORD', { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'x' }],
    ['KAFKA_SSL_KEY', { KAFKA_SSL_CERT: pem }],
    ['KAFKA_SSL_CERT', { KAFKA_SSL_KEY: pem }],
  ])('needs %s', (name, given) => {
    expect(() => loadSettings(ThingsSettings, given)).toThrow(new RegExp(`^${name} [^\n]*$`));
  });
});

describe('the keys of signatures', () => {
  const given = { SUBMISSION_KEYS: `k1:${'a'.repeat(43)}, k2:${'b'.repeat(43)}`, NAMESPACE: 'demo' };

  it('are given to what connects to Kafka, with the topics whose records are signed', () => {
    expect(loadSettings(ThingsSettings, given).kafka).not.toHaveProperty('signatures');
    for (const mode of ['accept', 'require']) {
      const { signatures } = loadSettings(ThingsSettings, { ...given, SUBMISSION_SIGNATURES: mode }).kafka;
      expect(signatures).toMatchObject({ mode, keys: [{ id: 'k1' }, { id: 'k2' }] });
      expect(signatures!.topics).toEqual([
        'demo.voucher.submissions.v1',
        'demo.voucher.definitions.v1',
        'demo.voucher.pages.v1',
      ]);
    }
  });

  it.each([
    ['SUBMISSION_SIGNATURES', { SUBMISSION_SIGNATURES: 'yes' }, 'must be off, accept or require (it is "yes")'],
    ['SUBMISSION_KEYS', { SUBMISSION_KEYS: '', SUBMISSION_SIGNATURES: 'accept' }, 'must have a key, unless'],
    ['SUBMISSION_KEYS', { SUBMISSION_KEYS: 'k1:geheim' }, 'must have secrets of at least 32 bytes'],
    ['SUBMISSION_KEYS', { SUBMISSION_KEYS: 'geheim' }, 'must be a list of id:secret'],
  ])('are named if they are bad, and never shown: %s', (name, bad, why) => {
    const load = () => loadSettings(ThingsSettings, { ...given, ...bad });
    expect(load).toThrow(`${name} ${why}`);
    expect(load).not.toThrow(/geheim|aaa/);
  });
});

describe('a secret in a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read without the line break of an editor', () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'p/:@ss\n');
    const given = { DATABASE_URL: 'postgres://u@db:1/any', DATABASE_PASSWORD_FILE: file };
    expect(loadSettings(ThingsSettings, given).databaseUrl).toBe('postgres://u:p%2F%3A%40ss@db:1/config');
  });

  it('is not shown if it is bad', () => {
    const file = join(folder, 'key');
    writeFileSync(file, 'geheim');
    const given = { KAFKA_SSL_CERT: pem, KAFKA_SSL_KEY_FILE: file };
    expect(() => loadSettings(ThingsSettings, given)).toThrow(`KAFKA_SSL_KEY must be PEM (its file is ${file})`);
    expect(() => loadSettings(ThingsSettings, { ...given, KAFKA_SSL_KEY_FILE: '', KAFKA_SSL_KEY: 'geheim' })).toThrow(
      '(it is "…")',
    );
  });
});
