import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/title.ts';
import { DecisionInspector } from './decision-inspector.tsx';

/** `/decisions/{submissionId}` */
export function DecisionPage() {
  const { t } = useTranslation();
  const { submissionId } = useParams({ from: '/frame/decisions/$submissionId' });
  useTitle(t('screens.decision.title'));
  return (
    <div className="stack">
      <h1>{t('screens.decision.title')}</h1>
      <DecisionInspector submissionId={submissionId} />
    </div>
  );
}
