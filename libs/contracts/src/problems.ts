/** RFC 9457. Media type application/problem+json. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  reason?: string;
  errors?: Fault[];
}

/** One fault of a body: RFC 6901 pointer to the field itself. */
export interface Fault {
  pointer: string;
  message: string;
}

export interface List<T> {
  items: T[];
  next: string | null;
}
