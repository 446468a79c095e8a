import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { bestFirst } from './best-first.ts';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Lets the user find a voucher by name or id and choose it. */
export function VoucherSearch({ taken, onChoose }: { taken: readonly string[]; onChoose(id: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const { data, isFetching } = useQuery({
    queryKey: ['vouchers-found', search],
    queryFn: () =>
      answer(services().config.GET('/v1/vouchers', { params: { query: { limit: 20, search: search || undefined } } })),
    placeholderData: keepPreviousData,
  });
  // The one that is called exactly so comes first, so that Enter takes it and not a newer copy.
  const found = data && bestFirst(data.items, search);
  const listed = found?.map(({ id, name, state }) => ({
    value: id,
    disabled: taken.includes(id),
    label: `${name} · ${t(`terms.state.${state}`)}${taken.includes(id) ? ` · ${t('screens.pages.onPage')}` : ''}`,
  }));
  // A voucher of another team is not found, but it may let this team place it.
  const isForeign = services().addresses.tenancy === 'team' && UUID.test(search) && listed?.length === 0;
  const foreign = { value: search.toLowerCase(), label: t('screens.pages.byId', { id: search }) };
  return (
    <Select<string | null>
      aria-label={t('screens.pages.add')}
      placeholder={t('screens.pages.addHint')}
      showSearch={{ filterOption: false, searchValue: text, onSearch: setText }}
      value={null}
      loading={isFetching}
      notFoundContent={t('screens.list.noMatch')}
      onChange={(id) => {
        setText('');
        if (id) onChoose(id);
      }}
      options={isForeign ? [foreign] : listed}
    />
  );
}
