import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

/** The button that reads the next part of a list, if there is one. */
export function LoadMore({
  of: { hasNextPage, isFetchingNextPage, fetchNextPage },
}: {
  of: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
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
