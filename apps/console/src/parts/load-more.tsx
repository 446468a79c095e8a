import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

/** The button that reads the next part of a list, if there is one. */
export function LoadMore({
  of: { hasNextPage, isFetchingNextPage, fetchNextPage },
}: {
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  const { t } = useTranslation();
  return (
    hasNextPage && (
      <div>
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('frame.loadMore')}
        </Button>
      </div>
    )
  );
}
