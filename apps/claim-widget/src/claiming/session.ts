/** The part of Web Storage that the widget uses. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * The tab's session storage. If the browser refuses it, values stay in memory: reading `sessionStorage` may throw, and
 * so may a write if it is full.
 */
export function sessionStore(of: () => Store = () => sessionStorage): Store {
  try {
    const store = of();
    store.setItem('voucher-claim', '');
    return store;
  } catch {
    const inMemory = new Map<string, string>();
    return {
      getItem: (name) => inMemory.get(name) ?? null,
      setItem: (name, value) => void inMemory.set(name, value),
      removeItem: (name) => void inMemory.delete(name),
    };
  }
}
