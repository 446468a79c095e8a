import type { Voucher } from '@vouchers/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../parts/dialog.tsx';
import { notify } from '../parts/notices.tsx';
import { PageChoice } from '../parts/page-choice.tsx';
import { PermittedButton } from '../parts/permitted-button.tsx';
import { Problem } from '../parts/problem.tsx';
import { addToPage } from '../vouchers-list/bulk.ts';

/** Puts the voucher on a page, and goes there. */
export function AddToPage({ voucher }: { voucher: Voucher }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [slug, setSlug] = useState<string>();
  const add = useMutation({
    mutationFn: (to: string) => addToPage(to)(voucher),
    onSuccess: async (_, to) => {
      notify(t('screens.pages.saved'));
      await client.invalidateQueries({ predicate: ({ queryKey }) => /^page/.test(String(queryKey[0])) });
      await navigate({ to: '/pages/$slug', params: { slug: to } });
    },
  });
  return (
    <>
      <PermittedButton scope="vouchers:write" onClick={() => setSlug('')}>
        {t('screens.bulk.action.page')}
      </PermittedButton>
      {slug !== undefined && (
        <Dialog
          title={t('screens.bulk.action.page')}
          ok={{ text: t('screens.bulk.action.page'), disabled: slug === '', busy: add.isPending }}
          onOk={() => add.mutate(slug)}
          onClose={() => setSlug(undefined)}
        >
          <PageChoice value={slug} onChange={setSlug} />
          {add.error && <Problem error={add.error} onRetry={() => add.mutate(slug)} />}
        </Dialog>
      )}
    </>
  );
}
