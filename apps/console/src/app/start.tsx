import { RouterProvider } from '@tanstack/react-router';
import { createRoot, type Root } from 'react-dom/client';
import { findServices } from '../api/api.ts';
import { Problem } from '../parts/problem.tsx';
import { startWords } from '../words/words.ts';
import { firstLanguage } from './choices.ts';
import { Providers } from './providers.tsx';
import { router } from './router.tsx';
import { openSession } from './session.ts';

/** Replaces the outline by the console, or by the reason why it cannot start. */
export async function start(): Promise<void> {
  await startWords(firstLanguage());
  await show(createRoot(document.getElementById('root')!));
}

async function show(root: Root): Promise<void> {
  try {
    const { issuer, clientId, scope } = await findServices();
    openSession(issuer, clientId, scope);
  } catch (error) {
    root.render(
      <Providers>
        <main className="frame-main">
          <Problem error={error} onRetry={() => void show(root)} persistent />
        </main>
      </Providers>,
    );
    return;
  }
  root.render(
    <Providers>
      <RouterProvider router={router} />
    </Providers>,
  );
}
