// Makes the platform's own secrets at the first start, in volumes. Only containers that need a secret mount its volume.
// The files are readable for all, because the containers have different users.
// `secrets.mjs <name>` reads a new value from standard input, for example the secret from an OpenID provider.
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const FOLDER = '/secrets';
const random = (bytes) => randomBytes(bytes).toString('base64url');
const LOGINS = ['migrate', 'config', 'page-delivery', 'ledger'];
const MADE = {
  'database/postgres-password': () => random(24),
  'client/page-delivery': () => random(24),
  'submissions/keys': () => `first:${random(32)}`,
  ...Object.fromEntries(LOGINS.map((login) => [`${login}/database`, () => random(24)])),
};
const NAMES = Object.keys(MADE);

const [name] = process.argv.slice(2);
if (name === undefined) NAMES.forEach(make);
else if (NAMES.includes(name)) replace(name, readFileSync(0, 'utf8').trim());
else {
  console.error(`unknown secret '${name}': one of ${NAMES.join(', ')}`);
  process.exitCode = 2;
}

/** Makes the secret, unless it exists. */
function make(secret) {
  try {
    writeFileSync(`${FOLDER}/${secret}`, MADE[secret](), { mode: 0o444, flag: 'wx' });
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
