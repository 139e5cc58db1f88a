import { Link } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { TEXT } from '../text/english.ts';
import { type CollectionSearch, searchIn } from './narrowing.ts';

const words = TEXT.collection.views;
const KEPT = 'views';

interface SavedView {
  readonly name: string;
  readonly search: CollectionSearch;
}

/** Views that this browser has kept by name; each is an address, which can be given to others as well. */
export function SavedViews({ search }: { readonly search: CollectionSearch }): ReactNode {
  const [views, setViews] = useState(keptViews);
  const keep = (next: readonly SavedView[]) => {
    localStorage.setItem(KEPT, JSON.stringify(next));
    setViews(next);
  };
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('name')).trim();
    if (name === '') return;
    keep([...views.filter((view) => view.name !== name), { name, search }]);
    form.reset();
  };
  return (
    <details className="views">
      <summary className="control">{words.title}</summary>
      <div className="views-body">
        {views.length === 0 && <p>{words.none}</p>}
        <ul>
          {views.map((view) => (
            <li key={view.name}>
              <Link to="/" search={view.search} dir="auto">
                {view.name}
              </Link>
              <button
                type="button"
                className="control"
                aria-label={words.forget(view.name)}
                onClick={() => keep(views.filter((one) => one !== view))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
        <form onSubmit={save}>
          <label htmlFor="view-name">{words.name}</label>
          <input
            id="view-name"
            name="name"
            className="control"
            maxLength={80}
            dir="auto"
            required
          />
          <button type="submit" className="control">
            {words.save}
          </button>
        </form>
      </div>
    </details>
  );
}

function keptViews(): readonly SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.map(({ name, search }) => ({ name: String(name), search: searchIn(search) }));
  } catch {
    return [];
  }
}
