// The software bill of materials, in CycloneDX: made by npm from the lock file. It marks what only developers need;
// npm's own `--omit=dev` would leave out much that services run, such as pg-pool.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../places.ts';

/** The parts of a CycloneDX document that are checked. */
export interface Bom {
  bomFormat?: string;
  specVersion?: string;
  metadata?: { component?: { 'bom-ref'?: string } };
  components?: { 'bom-ref'?: string; purl?: string; hashes?: object[] }[];
  dependencies?: { ref: string; dependsOn?: string[] }[];
}
/** The parts of package-lock.json that are compared with it. */
export interface Lock {
  packages: Record<string, { name?: string; version?: string; link?: boolean; integrity?: string }>;
}

const FOLDER = 'node_modules/';
const COMMAND = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'];

/** Faults of the document that `npm run sbom` prints. Needs no network. */
export async function sbomFaults(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('npm', COMMAND, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  return faultsOf(JSON.parse(stdout) as Bom, lock);
}

/** Each package must be named with its version and hash, and each reference must lead somewhere. */
export function faultsOf(
  { bomFormat, specVersion, metadata, components = [], dependencies = [] }: Bom,
  lock: Lock,
): string[] {
  const faults: string[] = [];
  if (bomFormat !== 'CycloneDX' || !specVersion) faults.push('it is no CycloneDX document');
  const known = new Set([metadata?.component?.['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  for (const { ref, dependsOn = [] } of dependencies)
    for (const to of [ref, ...dependsOn]) if (!known.has(to)) faults.push(`${to} is referred to and not there`);
  const listed = new Map(components.map((one) => [one['bom-ref'], one]));
  for (const [path, { name: alias, version, link, integrity }] of Object.entries(lock.packages)) {
    if (!path.startsWith(FOLDER) || link) continue;
    const name = `${alias ?? path.slice(path.lastIndexOf(FOLDER) + FOLDER.length)}@${version}`;
    const component = listed.get(name);
    if (!component) faults.push(`${name} is missing`);
    else if (!component.purl || (integrity && !component.hashes?.length)) faults.push(`${name} has no purl or no hash`);
  }
  return faults;
}
