import { Icon } from '../parts/icon.tsx';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Voucher } from '@vouchers/contracts';
import { Button } from '../parts/button.tsx';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { problemFrom } from '../api/api-problem.ts';
import { voucherQuery } from '../api/queries.ts';
import { useSession } from '../app/session.ts';
import { StateTag } from '../parts/state-tag.tsx';
import { timeEdgeOf } from '../parts/voucher-time.ts';
import { moved } from './page-draft.ts';
import { VoucherSearch } from './voucher-search.tsx';

const MOST = 1_000;
const ROW_PX = 44;

interface Props {
  ids: readonly string[];
  locked: boolean;
  onChange(ids: string[]): void;
}

/** The vouchers of a page in their order, with a note on those that customers will not see. */
export function PageVouchers({ ids, locked, onChange }: Props) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 5,
    getItemKey: (index) => ids[index]!,
  });
  return (
    <section className="panel stack">
      <h2>
        {t('screens.pages.vouchers')} <span className="muted">{ids.length}</span>
      </h2>
      {!locked &&
        (ids.length < MOST ? (
          <VoucherSearch taken={ids} onChoose={(id) => onChange([...ids, id])} />
        ) : (
          <p>{t('screens.pages.full')}</p>
        ))}
      {ids.length === 0 && <p className="muted">{t('screens.pages.noVouchers')}</p>}
      <div ref={frame} className="page-vouchers" tabIndex={ids.length > 10 ? 0 : undefined}>
        <ol style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => (
            <li
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              style={{ transform: `translateY(${start}px)` }}
            >
              <PageVoucher id={ids[index]!} place={index + 1}>
                {(name) =>
                  !locked && (
                    <>
                      <Button
                        size="small"
                        type="text"
                        icon={<Icon of="ArrowUp" />}
                        aria-label={t('screens.pages.up', { name })}
                        disabled={index === 0}
                        onClick={() => onChange(moved(ids, index, -1))}
                      />
                      <Button
                        size="small"
                        type="text"
                        icon={<Icon of="ArrowDown" />}
                        aria-label={t('screens.pages.down', { name })}
                        disabled={index === ids.length - 1}
                        onClick={() => onChange(moved(ids, index, 1))}
                      />
                      <Button
                        size="small"
                        type="text"
                        icon={<Icon of="Close" />}
                        aria-label={t('screens.pages.remove', { name })}
                        onClick={() => onChange(ids.filter((id) => id !== ids[index]))}
                      />
                    </>
                  )
                }
              </PageVoucher>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}

interface PageVoucherProps {
  id: string;
  place: number;
  children(name: string): React.ReactNode;
}

function PageVoucher({ id, place, children }: PageVoucherProps) {
  const { t } = useTranslation();
  const { data, error } = useQuery({ ...voucherQuery(id), staleTime: 30_000 });
  const voucher = data?.value;
  const name = voucher?.name.trim() || id;
  return (
    <div className="page-voucher">
      <span className="muted number">{place}</span>
      <span className="page-voucher-name">
        <Link to="/vouchers/$id" params={{ id }} preload={false}>
          <bdi>{name}</bdi>
        </Link>
        {voucher && <Hidden voucher={voucher} />}
        {error && problemFrom(error).status === 404 && <small className="muted">{t('screens.pages.unseen')}</small>}
      </span>
      <span>{voucher && <StateTag state={voucher.state} />}</span>
      <span className="row">{children(name)}</span>
    </div>
  );
}

/** Tells why customers will not see a voucher. */
function Hidden({ voucher }: { voucher: Voucher }) {
  const { t } = useTranslation();
  const { team } = useSession();
  const { state, placements = 'any' } = voucher;
  const why = placements === 'any' || placements.includes(team) ? undefined : t('screens.pages.hiddenPlacement');
  if (why) return <small className="page-voucher-hidden">{t('screens.pages.hidden', { why })}</small>;
  const over = timeEdgeOf(voucher, Date.now())?.key === 'over';
  if (state === 'published' || state === 'enabled') {
    return over && <small className="muted">{t('screens.pages.hiddenEnded')}</small>;
  }
  return <small className="page-voucher-hidden">{t('screens.pages.hidden', { why: t(`terms.state.${state}`) })}</small>;
}
