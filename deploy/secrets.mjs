// Makes the platform's own secrets at the first start, in volumes. Only containers that need a secret mount its volume.
// The files are readable for all, because the containers have different users.
// `secrets.mjs <name>` reads a new value from standard input, for example the secret from an OpenID provider.
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const FOLDER = '/secrets';
const random = (bytes) => randomBytes(bytes).toString('base64url');
/** Each has a password for Postgres and one for Kafka. */
const SERVICES = ['config', 'page-delivery', 'ledger'];
const LOGINS = [
  'migrate/database',
  'kafka/admin',
  ...SERVICES.flatMap((service) => [`${service}/database`, `${service}/kafka`]),
];
const MADE = {
  'database/postgres-password': () => random(24),
  'client/page-delivery': () => random(24),
  'submissions/keys': () => `first:${random(32)}`,
  ...Object.fromEntries(LOGINS.map((login) => [login, () => random(24)])),
};
const NAMES = Object.keys(MADE);

const [name] = process.argv.slice(2);
if (name !== undefined && !NAMES.includes(name)) {
  console.error(`unknown secret '${name}': one of ${NAMES.join(', ')}`);
  process.exit(2);
}
if (name !== undefined) replace(name, readFileSync(0, 'utf8').trim());
NAMES.forEach(make);
writeForKafka();

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
  write(secret, value);
  console.log(`replaced ${secret}`);
}

/** Writes the passwords as the broker reads them when it starts, and the admin's for Kafka's own commands. */
function writeForKafka() {
  const passwordOf = (secret) => JSON.stringify(readFileSync(`${FOLDER}/${secret}`, 'utf8').trim());
  const own = `username="admin" password=${passwordOf('kafka/admin')}`;
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required ${own}`;
  const users = SERVICES.map((service) => `user_${service.replaceAll('-', '_')}=${passwordOf(`${service}/kafka`)}`);
  const known = [`user_admin=${passwordOf('kafka/admin')}`, ...users].join('\n  ');
  write('kafka/jaas.conf', `KafkaServer {\n  ${login}\n  ${known};\n};\n`);
  const client = ['security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=PLAIN', `sasl.jaas.config=${login};`];
  write('kafka/admin.properties', `${client.join('\n')}\n`);
}

function write(file, text) {
  writeFileSync(`${FOLDER}/${file}.new`, text, { mode: 0o444 });
  renameSync(`${FOLDER}/${file}.new`, `${FOLDER}/${file}`);
}
