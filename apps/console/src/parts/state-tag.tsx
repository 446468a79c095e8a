import type { ClaimState, VoucherStatus } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import './state-tag.css';

/** A voucher's state: a word, a shape and a colour. */
export function StateTag({ state }: { state: VoucherStatus }) {
  const { t } = useTranslation();
  return <span className={`state-tag state-${state}`}>{t(`terms.state.${state}`)}</span>;
}

export function ClaimStateTag({ state }: { state: ClaimState }) {
  const { t } = useTranslation();
  return <span className={`state-tag claim-${state}`}>{t(`terms.claimState.${state}`)}</span>;
}
