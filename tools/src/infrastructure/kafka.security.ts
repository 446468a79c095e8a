// The settings with which a broker asks every client who it is and what it may do.
import { KAFKA_ADMIN } from '@vouchers/contracts';

/** The same for all brokers: passwords by SASL PLAIN, and the authorizer of KRaft. Only the admin needs no rights. */
export const SECURED: Readonly<Record<string, string>> = {
  'sasl.enabled.mechanisms': 'PLAIN',
  'sasl.mechanism.inter.broker.protocol': 'PLAIN',
  'sasl.mechanism.controller.protocol': 'PLAIN',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': `User:${KAFKA_ADMIN}`,
};

/** The same with the passwords of all principals, for listeners of these names. */
export function secured(
  listeners: readonly string[],
  passwords: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = `username="${KAFKA_ADMIN}" password="${passwords[KAFKA_ADMIN]}"`;
  const users = Object.entries(passwords).map(([name, password]) => `user_${name}="${password}"`);
  const jaas = `org.apache.kafka.common.security.plain.PlainLoginModule required ${own} ${users.join(' ')};`;
  return {
    ...SECURED,
    'listener.security.protocol.map': listeners.map((name) => `${name}:SASL_PLAINTEXT`).join(','),
    ...Object.fromEntries(
      listeners.map((name) => [`listener.name.${name.toLowerCase()}.plain.sasl.jaas.config`, jaas]),
    ),
  };
}

/** Settings as the image of Kafka takes them: `super.users` is KAFKA_SUPER_USERS. */
export const asVariables = (settings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`KAFKA_${name.replaceAll('.', '_').toUpperCase()}`, value]),
  );
