import type { Fault } from '@vouchers/contracts';
import type { TFunction } from 'i18next';

/** A fault in the reader's language. A fault without a known code keeps its message. */
export function faultShown({ code, params, message }: Fault, t: TFunction): string {
  const known: Readonly<Record<string, string>> = t('problems.faults', { returnObjects: true });
  if (code === undefined || !Object.hasOwn(known, code)) return message;
  const node = params?.['node'];
  const values = { ...params, ...(node !== undefined && { node: t(`terms.node.${node as 'claim'}`) }) };
  const sentence = t(`problems.faults.${code as 'required'}`, values);
  return params?.['line'] === undefined ? sentence : t('problems.faultAt', { ...params, sentence });
}
