import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { bestFirst } from './best-first.ts';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

interface Props {
  taken: readonly string[];
  /** The name of the field. By default, that a voucher is added to a page. */
  label?: string;
  /** The reason why one that is taken cannot be chosen. */
  takenText?: string;
  onChoose(id: string): void;
}

/** Lets the user find a voucher by name or id and choose it. */
export function VoucherSearch({ taken, label, takenText, onChoose }: Props) {
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
  // They are sorted by what is typed now, also while the answer to that is under way.
  const found = data && bestFirst(data.items, text.trim());
  const listed = found?.map(({ id, name, state }) => ({
    value: id,
    disabled: taken.includes(id),
    label: `${name.trim() || t('terms.unnamed')} · ${t(`terms.state.${state}`)}${taken.includes(id) ? ` · ${takenText ?? t('screens.pages.onPage')}` : ''}`,
  }));
  // A voucher of another team is not found, but it may let this team place it.
  const isForeign = services().addresses.tenancy === 'team' && UUID.test(search) && listed?.length === 0;
  const foreign = { value: search.toLowerCase(), label: t('screens.pages.byId', { id: search }) };
  return (
    <Select<string | null>
      aria-label={label ?? t('screens.pages.add')}
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
