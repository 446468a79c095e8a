import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSpec } from '../draft/draft.context.ts';
import { useWords } from '../editor-words.ts';
import { summaryOf, warningsOf } from './summary.ts';

/** Says in a sentence what goes live, and warns of what is seldom meant. */
export function SummaryShown() {
  const words = useWords();
  const { t, i18n } = useTranslation();
  const spec = useSpec();
  const warnings = warningsOf(spec, Date.now());
  return (
    <section aria-label={words('summary.title')}>
      <p className="summary">{summaryOf(spec, i18n.language, words, t)}</p>
      {warnings.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={
            <ul className="summary-warnings">
              {warnings.map((warning) => (
                <li key={warning}>{words(`summary.warning.${warning}`)}</li>
              ))}
            </ul>
          }
        />
      )}
    </section>
  );
}
