import { useTranslation } from 'react-i18next';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { usePreferences } from './preferences.ts';

const LANGUAGES = [
  { value: 'zh-CN', label: '中文' },
  { value: 'en', label: 'English' },
] as const;

/** The switches for language and colours. */
export function Settings() {
  const { t } = useTranslation();
  const { language, scheme, choose } = usePreferences();
  const other = scheme === 'light' ? 'dark' : 'light';
  return (
    <div className="row">
      <div role="radiogroup" aria-label={t('frame.language')} className="languages">
        {LANGUAGES.map(({ value, label }) => (
          <label key={value} lang={value}>
            <input
              type="radio"
              name="language"
              checked={value === language}
              onChange={() => choose({ language: value })}
            />
            {label}
          </label>
        ))}
      </div>
      <Button
        type="text"
        aria-label={t(`frame.${other}`)}
        title={t(`frame.${other}`)}
        icon={<Icon of={other === 'dark' ? 'Moon' : 'Sun'} />}
        onClick={() => choose({ scheme: other })}
      />
    </div>
  );
}
