// The texts of a proof in the reader's language.
import type { Proof, ProofFaultCode } from '@vouchers/contracts';
import { wordsOf } from '../words/part-words.ts';
import { en, zhCn } from './proof-sentences.ts';

export const useProofWords = wordsOf('proof', en, zhCn);

/** Gives the sentences of a check's faults. A fault without a known code keeps the service's sentence. */
export function useProofFaults(): (check: Proof['checks'][number]) => string[] {
  const words = useProofWords();
  return ({ faults = [], coded = [] }) =>
    faults.map((told, index) => {
      const { code, params = {} } = coded[index] ?? {};
      if (code === undefined || code === 'after' || !Object.hasOwn(en.faults, code)) return told;
      const sentence = words(`faults.${code as ProofFaultCode}`, params);
      return params['place'] === undefined ? sentence : words('faults.after', { place: params['place'], sentence });
    });
}
