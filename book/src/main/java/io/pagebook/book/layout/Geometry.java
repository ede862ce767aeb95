package io.pagebook.book.layout;

/**
 * Where the regions of a book lie, as computed from its page size and shard count. Pages are
 * numbered from 0; they are grouped, and each group begins (group 0: after the header) with the map
 * of its own pages, one word per page.
 */
public final class Geometry {
  private static final int PAGES_PER_GROUP = 512;
  private static final int MIN_GROUP_BYTES = 1 << 21;
  private static final int MAX_GROUP_BYTES = 1 << 26;

  private final int shards;
  private final int headerPages;
  private final int mapPages;

  // Pages and groups are powers of two: each write finds several pages' owners, without a division.
  private final int pageShift;
  private final int groupShift;

  /** Both must be powers of two. */
  public Geometry(int pageBytes, int shards) {
    this.shards = shards;
    long wanted = (long) pageBytes * PAGES_PER_GROUP;
    long groupBytes = Math.max(MIN_GROUP_BYTES, Math.min(MAX_GROUP_BYTES, wanted));
    pageShift = Integer.numberOfTrailingZeros(pageBytes);
    groupShift = Long.numberOfTrailingZeros(groupBytes);
    headerPages = pagesFor(shard(shards));
    mapPages = pagesFor((long) groupPages() * PageMapWord.WORD_BYTES);
  }

  public int pageBytes() {
    return 1 << pageShift;
  }

  public int shards() {
    return shards;
  }

  /**
   * Bytes of a group: at least 2 MiB, at most 64 MiB, so that every extent can be mapped in one
   * piece.
   */
  public int groupBytes() {
    return 1 << groupShift;
  }

  public int groupPages() {
    return 1 << (groupShift - pageShift);
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
    return headerPages;
  }

  /** Pages of a new book: the header, the first map, and nothing else. */
  public long smallestPageCount() {
    return firstDataPage(0);
  }

  /** The first page of the group that may hold data. */
  public long firstDataPage(long group) {
    return group * groupPages() + mapPages + (group == 0 ? headerPages : 0);
  }

  /** The first page behind the group. */
  public long endOfGroup(long group) {
    return (group + 1) * groupPages();
  }

  /** How many of the first {@code pageCount} pages may hold data. */
  public long dataPages(long pageCount) {
    long whole = groupOf(pageCount);
    long rest = Math.max(0, pageCount - Math.max(firstDataPage(whole), whole * groupPages()));
    long inFirst = whole > 0 ? groupPages() - firstDataPage(0) : 0;
    return rest + inFirst + Math.max(0, whole - 1) * (groupPages() - mapPages);
  }

  /** The longest run of pages that one extent can have. */
  public int maxExtentPages() {
    return Math.min(groupPages() - mapPages, PageMapWord.MAX_PAGES);
  }

  public long groupOf(long page) {
    return page >> (groupShift - pageShift);
  }

  /** The position of the map word of a page. */
  public long mapWord(long page) {
    long group = groupOf(page);
    long map = (group << groupShift) + (group == 0 ? position(headerPages) : 0);
    return map + (page & (groupPages() - 1)) * PageMapWord.WORD_BYTES;
  }

  /**
   * The position of the search hint of a group: the map word of its first page, which is never
   * data.
   */
  public long searchHint(long group) {
    return mapWord(group * groupPages());
  }

  public int pagesFor(long bytes) {
    return (int) ((bytes + pageBytes() - 1) >> pageShift);
  }

  public long position(long page) {
    return page << pageShift;
  }

  public long pageOf(long position) {
    return position >> pageShift;
  }
}
