package io.pagebook.kryo;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.serializers.ImmutableSerializer;
import java.util.Locale;

/** A locale as its language tag, where that says all; Kryo's own forgets script and extensions. */
final class LocaleSerializer extends ImmutableSerializer<Locale> {
  @Override
  public void write(Kryo kryo, Output output, Locale locale) {
    String tag = locale.toLanguageTag();
    if (!Locale.forLanguageTag(tag).equals(locale)) {
      throw new KryoException("locale has no language tag: locale=" + locale);
    }
    output.writeString(tag);
  }

  @Override
  public Locale read(Kryo kryo, Input input, Class<? extends Locale> type) {
    return Locale.forLanguageTag(input.readString());
  }
}
