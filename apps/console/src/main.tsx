import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { findServices } from './api/api.ts';
import './app/console.css';
import { paint } from './app/look.ts';
import { firstLanguage, firstScheme } from './app/preferences.ts';
import { Providers } from './app/providers.tsx';
import { router } from './app/router.tsx';
import { openSession } from './app/session.ts';
import { Problem } from './parts/problem.tsx';
import { startWords } from './words/words.ts';

const root = createRoot(document.getElementById('root')!);

async function start(): Promise<void> {
  paint(firstScheme());
  await startWords(firstLanguage());
  try {
    const { issuer, clientId } = await findServices();
    await openSession(issuer, clientId);
  } catch (error) {
    root.render(
      <Providers>
        <main className="frame-main">
          <Problem error={error} onRetry={() => void start()} persistent />
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

void start();
