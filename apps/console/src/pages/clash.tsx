import type { Page } from '@vouchers/contracts';
import { Button } from '../parts/button.tsx';
import { useTranslation } from 'react-i18next';
import { clashesOf, draftOf, type PageDraft } from './page-draft.ts';

interface Props {
  base: PageDraft;
  mine: PageDraft;
  theirs: Page;
  onSaveMine(): void;
  onTakeTheirs(): void;
}

/** Shown if somebody else saved the same fields: the values before, mine and theirs side by side. */
export function Clash({ base, mine, theirs, onSaveMine, onTakeTheirs }: Props) {
  const { t } = useTranslation();
  const names = { title: t('screens.pages.pageTitle'), voucherIds: t('screens.pages.vouchers') };
  const shown = (value: string | string[]): string =>
    Array.isArray(value) ? value.map((id) => `…${id.slice(-6)}`).join('\n') : value;
  return (
    <section className="problem" role="alert">
      <strong>{t('screens.pages.clash', { version: theirs.version })}</strong>
      <p>{t('screens.pages.clashText')}</p>
      <table className="difference">
        <thead>
          <tr>
            <th scope="col">{t('voucher.version.field')}</th>
            <th scope="col">{t('screens.pages.base')}</th>
            <th scope="col">{t('screens.pages.mine')}</th>
            <th scope="col">{t('screens.pages.theirs')}</th>
          </tr>
        </thead>
        <tbody>
          {clashesOf(base, mine, draftOf(theirs)).map((field) => (
            <tr key={field}>
              <th scope="row">{names[field]}</th>
              {[base, mine, theirs].map((side, index) => (
                <td key={index}>
                  <pre>{shown(side[field])}</pre>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row">
        <Button type="primary" onClick={onSaveMine}>
          {t('screens.pages.saveOn', { version: theirs.version })}
        </Button>
        <Button onClick={onTakeTheirs}>{t('screens.pages.takeTheirs')}</Button>
      </div>
    </section>
  );
}
