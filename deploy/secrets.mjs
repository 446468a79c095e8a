// The platform's own secrets: made at the first start, kept in volumes that only those mount who need them, and who
// mounts one reads it: their users differ.
// `secrets.mjs <name>` takes another value from standard input, e.g. the secret that an OpenID provider gave.
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const FOLDER = '/secrets';
const NAMES = ['database/postgres-password', 'client/page-delivery'];

const [name] = process.argv.slice(2);
if (name === undefined) NAMES.forEach(make);
else if (NAMES.includes(name)) replace(name, readFileSync(0, 'utf8').trim());
else {
  console.error(`unknown secret '${name}': one of ${NAMES.join(', ')}`);
  process.exitCode = 2;
}

/** Leaves one alone that is there. */
function make(secret) {
  try {
    writeFileSync(`${FOLDER}/${secret}`, randomBytes(24).toString('base64url'), { mode: 0o444, flag: 'wx' });
    console.log(`made ${secret}`);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

function replace(secret, value) {
  if (value === '') throw new Error(`no value for ${secret} on standard input`);
  writeFileSync(`${FOLDER}/${secret}.new`, value, { mode: 0o444 });
  renameSync(`${FOLDER}/${secret}.new`, `${FOLDER}/${secret}`);
  console.log(`replaced ${secret}`);
}
