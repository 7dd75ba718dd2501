import type { Router } from 'express';

interface Layer {
  /** What it was registered with: /api, / */
  rawPath: string;
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
}

/** Every `GET /api/images/{id}` that express has registered, in the router and those mounted in it. */
export function routesOf(router: Router, prefix = ''): string[] {
  return (router as unknown as { stack: Layer[] }).stack.flatMap(({ rawPath, route, handle }) => {
    const path = prefix + (rawPath === '/' ? '' : rawPath).replace(/:(\w+)/g, '{$1}');
    if (route) return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${path}`);
    return handle.stack ? routesOf(handle as never, path) : [];
  });
}
