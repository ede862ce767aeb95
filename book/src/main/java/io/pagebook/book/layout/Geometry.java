package io.pagebook.book.layout;

/**
 * Where the regions of a book lie, as computed from its page size and shard count. Pages are
 * numbered from 0; they are grouped, and each group begins (group 0: after the header) with the map
 * of its own pages, one word per page.
 *
 * @param pageBytes a power of two
 * @param shards a power of two
 */
public record Geometry(int pageBytes, int shards) {
  private static final int PAGES_PER_GROUP = 512;
  private static final int MIN_GROUP_BYTES = 1 << 21;
  private static final int MAX_GROUP_BYTES = 1 << 26;

  /**
   * Bytes of a group: at least 2 MiB, at most 64 MiB, so that no extent crosses a mapping window.
   */
  public int groupBytes() {
    long wanted = (long) pageBytes * PAGES_PER_GROUP;
    return (int) Math.max(MIN_GROUP_BYTES, Math.min(MAX_GROUP_BYTES, wanted));
  }

  public int groupPages() {
    return groupBytes() / pageBytes;
  }

  public long slot(int index) {
    return BookLayout.generation(shards) + (long) index * SlotLayout.SLOT_BYTES;
  }

  public long stripe(int index) {
    return slot(BookLayout.SLOTS) + (long) index * Long.BYTES;
  }

  public long shard(int index) {
    return stripe(BookLayout.STRIPES) + (long) index * ShardLayout.SHARD_BYTES;
  }

  public int headerPages() {
    return pagesFor(shard(shards));
  }

  private int mapPages() {
    return pagesFor((long) groupPages() * PageMapWord.WORD_BYTES);
  }

  /** Pages of a new book: the header, the first map, and nothing else. */
  public long smallestPageCount() {
    return firstDataPage(0);
  }

  /** The first page of the group that may hold data. */
  public long firstDataPage(long group) {
    return group * groupPages() + mapPages() + (group == 0 ? headerPages() : 0);
  }

  /** How many of the first {@code pageCount} pages may hold data. */
  public long dataPages(long pageCount) {
    long whole = pageCount / groupPages();
    long rest = Math.max(0, pageCount - Math.max(firstDataPage(whole), whole * groupPages()));
    long inFirst = whole > 0 ? groupPages() - firstDataPage(0) : 0;
    return rest + inFirst + Math.max(0, whole - 1) * (groupPages() - mapPages());
  }

  /** The longest run of pages that one extent can have. */
  public int maxExtentPages() {
    return Math.min(groupPages() - mapPages(), PageMapWord.MAX_PAGES);
  }

  public long groupOf(long page) {
    return page / groupPages();
  }

  /** The position of the map word of a page. */
  public long mapWord(long page) {
    long group = groupOf(page);
    long map = group * groupBytes() + (group == 0 ? (long) headerPages() * pageBytes : 0);
    return map + (page - group * groupPages()) * PageMapWord.WORD_BYTES;
  }

  /**
   * The position of the search hint of a group: the map word of its first page, which is never
   * data.
   */
  public long searchHint(long group) {
    return mapWord(group * groupPages());
  }

  public int pagesFor(long bytes) {
    return (int) ((bytes + pageBytes - 1) / pageBytes);
  }

  public long position(long page) {
    return page * pageBytes;
  }

  public long pageOf(long position) {
    return position / pageBytes;
  }
}
