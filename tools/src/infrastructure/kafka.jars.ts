// Kafka's jars. Maven downloads them once per machine into the user's cache.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, ROOT } from '../places.ts';
import { Hint } from '../processes/hint.ts';
import { startProcess } from '../processes/owned-process.ts';

const POM = join(ROOT, 'tools', 'kafka', 'pom.xml');
const LEAST_JAVA = 17;

/** The command that runs Java 17 or newer. Throws a Hint if there is none. */
export function findJava(): string {
  const { JAVA_HOME } = process.env;
  const java = JAVA_HOME ? join(JAVA_HOME, 'bin', 'java') : 'java';
  const remedy = 'install a JDK (e.g. apt-get install openjdk-17-jdk-headless), start Docker, or set KAFKA_BROKERS';
  const { stderr, error, status } = spawnSync(java, ['-version'], { encoding: 'utf8', env: process.env });
  if (error || status !== 0) throw new Hint(`no Java found (${java}): ${remedy}`);
  const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (major < LEAST_JAVA)
    throw new Hint(`Java ${LEAST_JAVA} or newer is needed for Kafka, ${java} is ${major}: ${remedy}`);
  return java;
}

/** Throws a Hint if Java is missing, or Maven while it is still needed. */
export function expectJavaAndJars(): void {
  findJava();
  if (!existsSync(jarsFolder()) && spawnSync('mvn', ['-v'], { stdio: 'ignore', env: process.env }).error)
    throw new Hint(
      'no Maven found, which fetches Kafka: install it (e.g. apt-get install maven), start Docker, or set KAFKA_BROKERS',
    );
}

/** The folder with the jars. Downloads them if this machine does not have them. */
export async function kafkaJars(say: (line: string) => void): Promise<string> {
  const folder = jarsFolder();
  if (existsSync(folder)) return folder;
  say('Kafka: fetching its jars by Maven (43 MB, once per machine)');
  mkdirSync(cacheDir(), { recursive: true });
  const partial = `${folder}.${process.pid}`;
  const maven = await startProcess({
    command: 'mvn',
    args: ['-B', '-f', POM, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`],
    logFile: `${partial}.log`,
  });
  const failed = (await maven.exited) !== '0';
  const said = maven.lastWords(40);
  rmSync(`${partial}.log`);
  if (failed) {
    rmSync(partial, { recursive: true, force: true });
    const why = said.split('\n').find((line) => line.startsWith('[ERROR]')) ?? said;
    throw new Hint(`Maven could not fetch Kafka: ${why.replace('[ERROR] ', '')}`);
  }
  try {
    renameSync(partial, folder);
  } catch {
    rmSync(partial, { recursive: true, force: true }); // another run was faster
  }
  return folder;
}

/** Each version of the pom has its own folder. */
function jarsFolder(): string {
  const version = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12);
  return join(cacheDir(), `kafka-${version}`);
}
