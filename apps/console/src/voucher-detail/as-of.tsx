import { useNavigate } from '@tanstack/react-router';
import { Button } from '../parts/button.tsx';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { WallTimeField } from '../parts/wall-time-field.tsx';
import { instantOf, wallTimeOf } from '../parts/wall-time.ts';

/** Lets the user choose a past moment. */
export function AsOf({ at, zone }: { at: string | undefined; zone: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const id = useId();
  const [chosen, setChosen] = useState(() => wallTimeOf(at ?? new Date().toISOString(), zone));
  const go = (to: string | undefined): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, at: to, decision: undefined }) });
  const instant = instantOf(chosen, zone);
  return (
    <form
      className="row as-of"
      onSubmit={(event) => {
        event.preventDefault();
        if (instant) go(instant);
      }}
    >
      <label htmlFor={id}>{t('voucher.asOf')}</label>
      <WallTimeField id={id} aria-invalid={!instant} value={chosen} onChange={setChosen} />
      <span className="muted">{zone}</span>
      <Button htmlType="submit" disabled={!instant}>
        {t('voucher.show')}
      </Button>
      {at && (
        <Button type="primary" onClick={() => go(undefined)}>
          {t('voucher.backToNow')}
        </Button>
      )}
    </form>
  );
}
