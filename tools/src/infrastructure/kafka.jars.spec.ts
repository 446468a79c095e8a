import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Hint } from '../processes/hint.ts';
import { expectJavaAndJars } from './kafka.jars.ts';

const { JAVA_HOME, PATH, XDG_CACHE_HOME } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-jars-'));
  Object.assign(process.env, { JAVA_HOME: folder, PATH: folder, XDG_CACHE_HOME: folder });
});

afterEach(() => {
  for (const [name, value] of Object.entries({ JAVA_HOME, PATH, XDG_CACHE_HOME }))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  rmSync(folder, { recursive: true });
});

/** Installs a fake Java that reports this version. */
function installJava(version: string): void {
  mkdirSync(join(folder, 'bin'));
  const java = join(folder, 'bin', 'java');
  writeFileSync(java, `#!/bin/sh\necho 'openjdk version "${version}" 2025-04-15' >&2\n`);
  chmodSync(java, 0o755);
}

describe('a program that Kafka needs', () => {
  it.each([
    ['no Java', undefined, /^no Java found .* install a JDK .*KAFKA_BROKERS$/],
    ['Java 8', '1.8.0_422', /^Java 17 or newer is needed for Kafka, .* is 1: install/],
    ['Java 16', '16.0.2', /^Java 17 or newer is needed for Kafka, .* is 16: install/],
    ['no Maven', '17.0.15', /^no Maven found, which fetches Kafka: install it .*KAFKA_BROKERS$/],
    ['no Maven beside a new Java', '25', /^no Maven found/],
  ])('is asked for in one line: %s', (_what, version, line) => {
    if (version) installJava(version);
    expect(expectJavaAndJars).toThrow(Hint);
    expect(expectJavaAndJars).toThrow(line);
  });
});
