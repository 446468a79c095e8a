import { Checkbox } from 'antd';
import { useRef } from 'react';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { VoucherSearch } from '../../pages/voucher-search.tsx';
import { MOST_VOUCHERS, type TillEdit, type TillOrder } from './till-order.ts';
import { useVoucherName, VoucherTitle } from './voucher-title.tsx';
import { useTillWords } from './till-words.ts';

interface Props {
  order: TillOrder;
  voucherId: string | undefined;
  onEdit(edit: TillEdit): void;
}

/** The vouchers of which the customer has a claim: the draft, and those of the list that were added. */
export function TillVouchers({ order: { voucherIds, usesDraft }, voucherId, onEdit }: Props) {
  const words = useTillWords();
  const search = useRef<HTMLDivElement>(null);
  const remove = (id: string): void => {
    onEdit((order) => ({ ...order, voucherIds: order.voucherIds.filter((one) => one !== id) }));
    search.current?.querySelector('input')?.focus();
  };
  return (
    <fieldset className="till-vouchers">
      <legend>{words('vouchers')}</legend>
      <ul className="till-chosen">
        <li>
          <Checkbox
            checked={usesDraft}
            onChange={({ target: { checked } }) => onEdit((order) => ({ ...order, usesDraft: checked }))}
          >
            {words('draft')}
          </Checkbox>
        </li>
        {voucherIds.map((id) => (
          <li key={id}>
            <VoucherTitle id={id} voucherId={voucherId} />
            <Remove id={id} onRemove={() => remove(id)} />
          </li>
        ))}
      </ul>
      <div ref={search} className="till-search">
        {voucherIds.length < MOST_VOUCHERS ? (
          <VoucherSearch
            label={words('add')}
            takenText={words('chosen')}
            taken={[...voucherIds, ...(voucherId ? [voucherId] : [])]}
            onChoose={(id) => onEdit((order) => ({ ...order, voucherIds: [...order.voucherIds, id] }))}
          />
        ) : (
          <span className="muted">{words('tooMany', { number: MOST_VOUCHERS })}</span>
        )}
      </div>
    </fieldset>
  );
}

function Remove({ id, onRemove }: { id: string; onRemove(): void }) {
  const words = useTillWords();
  const name = useVoucherName(id);
  return (
    <Button
      type="text"
      size="small"
      icon={<Icon of="Close" />}
      aria-label={words('remove', { name })}
      onClick={onRemove}
    />
  );
}
