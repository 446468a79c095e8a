import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Counters, Voucher } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { UnitsStrip } from '../parts/units-strip.tsx';

const EVERY_MS = 15_000;

/** The states of all units, and the result of the proof. */
export function Units({ voucher, counters, at }: { voucher: Voucher; counters: Counters; at: string | undefined }) {
  const { t } = useTranslation();
  const { id } = voucher;
  const { data: proof } = useQuery({
    queryKey: ['proof', id, at],
    queryFn: () =>
      answer(services().ledger.GET('/v1/vouchers/{id}/proof', { params: { path: { id }, query: { at } } })),
    refetchInterval: at === undefined && EVERY_MS,
    placeholderData: keepPreviousData,
  });
  return (
    <section className="panel">
      <h2>{t('voucher.units')}</h2>
      <UnitsStrip counters={counters} unlimited={t('terms.unlimited')} />
      {/* The line has its place before the proof is there, so that nothing moves. */}
      <p className={`proof-line ${proof ? (proof.holds ? 'holds' : 'fails') : ''}`}>
        {proof ? (
          <>
            {t(proof.holds ? 'voucher.proofHolds' : 'voucher.proofFails', {
              place: `${proof.head.partition}/${proof.head.seq}`,
            })}{' '}
            <Link to="/vouchers/$id/proof" params={{ id }} search={{ at }}>
              {t('voucher.proofOpen')}
            </Link>
          </>
        ) : (
          '\u00a0'
        )}
      </p>
    </section>
  );
}
