import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { DecisionInspector } from './decision-inspector.tsx';

/** Shows the inspector beside the current screen. */
export function DecisionDrawer({ submissionId, onClose }: { submissionId: string; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <Drawer open title={t('screens.decision.title')} size="min(560px, 100vw)" onClose={onClose}>
      <DecisionInspector submissionId={submissionId} />
    </Drawer>
  );
}
